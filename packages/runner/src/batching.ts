/** Why a batch is sent now or later. */
export interface Waiting {
  /** Events that are not acknowledged, and their bytes. */
  readonly events: number;
  readonly bytes: number;
  /** When the first of them came. */
  readonly since: number;
  /** The flow is over: nothing more will come to fill the batch. */
  readonly over: boolean;
  /** Batches sent without a pause before this one. */
  readonly burst: number;
}

/** The first event of a quiet run waits this long for others. A child's start and its first task come within it. Milliseconds. */
const FIRST_DELAY_MS = 3;

/**
 * When waiting events are to be sent. The delay doubles from 3 ms to `batchMs` while a burst lasts: the first Running of a run is
 * seen at once, and a run that goes on emitting costs no more than 20 requests a second.
 */
export function sendAt(w: Waiting, o: { batchMs: number; batchEvents: number; batchBytes: number }): number {
  if (w.events === 0) return Number.POSITIVE_INFINITY;
  if (w.over || w.events >= o.batchEvents || w.bytes >= o.batchBytes) return w.since;
  return w.since + Math.min(o.batchMs, FIRST_DELAY_MS * 2 ** Math.min(10, w.burst));
}

/** Size of one journal row that waits. */
export interface Size {
  readonly events: number;
  readonly bytes: number;
}

/** How many rows from the first on go into one report: as many as fit, at least one. */
export function rowsOfReport(rows: Iterable<Size>, most: { reportEvents: number; reportBytes: number }): number {
  let count = 0;
  let events = 0;
  let bytes = 0;
  for (const row of rows) {
    events += row.events;
    bytes += row.bytes;
    if (count > 0 && (events > most.reportEvents || bytes > most.reportBytes)) break;
    count += 1;
  }
  return count;
}
