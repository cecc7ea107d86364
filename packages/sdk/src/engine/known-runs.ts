import type { KnownTaskRun } from "@weir/protocol";
import { isSuccessful, type StateName } from "@weir/protocol/state";

/** How a task run is recognised in a later attempt. */
export interface Identity {
  readonly task: string;
  readonly ordinal: number;
  readonly key?: string | undefined;
  readonly mapIndex?: number | undefined;
  /** Number of the subflow run that called it, or of the mapped run that it is a child of. */
  readonly parent?: number | undefined;
}

function identity({ task, ordinal, key, mapIndex, parent }: Identity): string {
  return `${task}\n${key === undefined ? `#${ordinal}` : `=${key}`}\n${mapIndex ?? ""}\n${parent ?? ""}`;
}

/** What earlier attempts left of a flow run: each of its task runs is taken once. */
export class KnownRuns {
  readonly #runs: Map<string, KnownTaskRun>;
  #lastNumber: number;

  constructor(known: readonly KnownTaskRun[]) {
    this.#runs = new Map(known.map((run) => [identity(run), run]));
    this.#lastNumber = known.reduce((last, { number }) => Math.max(last, number), 0);
  }

  /** A new task run's number: after the highest one that was given so far, in any attempt. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  take(wanted: Identity): KnownTaskRun | null {
    if (this.#runs.size === 0) return null;
    const key = identity(wanted);
    const found = this.#runs.get(key);
    if (found === undefined) return null;
    this.#runs.delete(key);
    return found;
  }

  look(wanted: Identity): KnownTaskRun | undefined {
    return this.#runs.get(identity(wanted));
  }

  /** Those that the code did not ask for again, children of maps left out. */
  left(): KnownTaskRun[] {
    return [...this.#runs.values()].filter(({ mapIndex, parent }) => mapIndex === undefined && parent === undefined);
  }
}

/** Whether a task run (not a mapped one) is not executed again unless its value is needed and was never written. */
export function hasSucceeded(known: KnownTaskRun): boolean {
  return isSuccessful(known.state) && known.state !== "Mapped";
}

/** Whether a task run need not be executed again as long as its value can be read, or has none. */
export function isKept(known: KnownTaskRun | undefined): known is KnownTaskRun {
  if (known === undefined || !hasSucceeded(known)) return false;
  return known.state === "Skipped" || known.location !== undefined;
}

const INTERRUPTED: readonly StateName[] = ["Running", "Cancelling", "Looped"];

/** Whether the process of an earlier attempt died while a try was under way. */
export function wasInterrupted(known: KnownTaskRun | null): boolean {
  return known !== null && INTERRUPTED.includes(known.state);
}

/** Whose try, if any was under way, has neither failed nor ended. */
const UNDECIDED: readonly StateName[] = [...INTERRUPTED, "Paused", "Resume"];

/**
 * Number of tries that an unfinished task run has behind it. A try that its process did not survive has not failed, so it does
 * not count, nor one that waits for a person; whoever restarts a failed run means all tries.
 */
export function triesBehind(known: KnownTaskRun): number {
  if (known.state === "Retrying" || known.state === "Queued") return known.tryNumber;
  return UNDECIDED.includes(known.state) ? Math.max(0, known.tryNumber - 1) : 0;
}
