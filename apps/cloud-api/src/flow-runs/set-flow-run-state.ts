import { type Failure, isFinished, isHeld, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { type Cell, SqlRows } from "../sql-rows.ts";
import { changeStatement, partValues, type Parts, STATE_COLUMNS } from "./set-flow-run-state.sql.ts";
import { notifyWork } from "../wake/notify-work.ts";
import type { RunView } from "./run-view.ts";

/** One transition of a flow run on its way into the history. */
export interface FlowRunMove {
  readonly state: StateName;
  /** Milliseconds by the user's clock; null: now, by the database's. */
  readonly at: number | null;
  /** Number of the event that reported it; null: the cloud made it. */
  readonly eventNumber: number | null;
  readonly message: string | null;
  readonly failure: Failure | null;
}

/** Everything that one write changes of a run. */
export interface FlowRunChange {
  /** What the decision was made on; the write happens only where it still holds. */
  readonly view: Pick<RunView, "tenantId" | "runId" | "state" | "attempt" | "stateVersion" | "eventNumber">;
  /** Also only where nothing was ordered since: it was decided on what is ordered (`RunView.orderVersion`). */
  readonly onlyAtOrderVersion?: number;
  /** Also only where the lease has run out by the database's clock. */
  readonly onlyWhenExpired?: boolean;
  readonly moves: readonly FlowRunMove[];
  /** Highest event number afterwards. */
  readonly eventNumber: number;
  /** Length of the renewed lease; absent: it stays as it is. A run that is not held afterwards has none in any case. */
  readonly leaseSeconds?: number;
  readonly dueInSeconds?: number;
  readonly recoveries?: number;
  readonly taskRuns?: SqlRows<string>;
  readonly taskRunStates?: SqlRows<string>;
  readonly logs?: SqlRows<string>;
  readonly artifacts?: SqlRows<string>;
  readonly cachedResults?: SqlRows<string>;
  readonly sealKeys?: SqlRows<string>;
  /** Whether a person's wish to pause stands from now on; absent: as before. */
  readonly pauseOrder?: "pause" | null;
  readonly notify?: Parts["notify"];
}

/** State, version and number of a run after a change: the view of the next decision. */
export function viewAfter(change: FlowRunChange): Pick<RunView, "state" | "stateVersion" | "eventNumber"> {
  return {
    state: change.moves.at(-1)?.state ?? change.view.state,
    stateVersion: change.view.stateVersion + change.moves.length,
    eventNumber: change.eventNumber,
  };
}

/**
 * The only writer of a run's state after its creation and its claim, and of everything that hangs on it: history, task runs, logs,
 * artifacts, all in one transaction. Answers false, and changes nothing, when the view no longer holds: read again, decide again.
 */
export async function setFlowRunState(pool: Pick<Pool, "query">, change: FlowRunChange): Promise<boolean> {
  return (await writeFlowRun(pool, change)) !== null;
}

/** What a write tells of the run. */
export interface WrittenRun {
  /** 0: there is nothing to tell its holder beside its state. */
  readonly orderVersion: number;
  /** A label of it is limited, and nobody holds it any more. Absent: not asked. */
  readonly freedLimit?: boolean;
}

/** As `setFlowRunState`, but tells what it found; null where that answers false. */
export async function writeFlowRun(pool: Pick<Pool, "query">, change: FlowRunChange): Promise<WrittenRun | null> {
  const parts: Parts = {
    onlyWhenExpired: change.onlyWhenExpired ?? false,
    states: change.moves.length === 0 ? null : stateRows(change),
    taskRuns: present(change.taskRuns),
    taskRunStates: present(change.taskRunStates),
    logs: present(change.logs),
    artifacts: present(change.artifacts),
    cachedResults: present(change.cachedResults),
    sealKeys: present(change.sealKeys),
    pauseOrder: change.pauseOrder,
    notify: change.notify ?? [],
    asksFreed: isLeft(change),
  };
  const { name, text } = changeStatement(parts);
  const values = [...runValues(change), ...partValues(parts)];
  const { rows } = await pool.query<WrittenRun>({ name, text, values });
  // A hint: the poll finds out without it.
  if (rows[0]?.freedLimit) await notifyWork(pool, change.view.tenantId).catch(() => undefined);
  return rows[0] ?? null;
}

/** Whether its holder loses it by this change, and nobody is told of it as of work that may be there. */
function isLeft(change: FlowRunChange): boolean {
  return isHeld(change.view.state) && !isHeld(viewAfter(change).state) && !change.notify?.includes("work");
}

const present = (rows: SqlRows<string> | undefined) => (rows === undefined || rows.length === 0 ? null : rows);

function runValues(change: FlowRunChange): Cell[] {
  const { view, moves } = change;
  const after = viewAfter(change);
  const lease = isHeld(after.state) ? (change.leaseSeconds ?? 0) : null;
  const seen = [view.runId, view.tenantId, view.attempt, view.stateVersion, view.eventNumber];
  const own = [...seen, after.eventNumber, lease, change.onlyAtOrderVersion ?? null];
  if (moves.length === 0) return own;
  const begun = moves.find(({ state }) => state === "Running");
  const last = moves.at(-1);
  const ended = last && isFinished(last.state) ? (last.at ?? BY_DATABASE_CLOCK) : null;
  return [
    ...own,
    after.state,
    after.stateVersion,
    begun?.at ?? null,
    ended,
    change.dueInSeconds ?? null,
    change.recoveries ?? null,
  ];
}

const BY_DATABASE_CLOCK = -1;

function stateRows({ view, moves }: FlowRunChange): SqlRows<keyof typeof STATE_COLUMNS> {
  const rows = new SqlRows(STATE_COLUMNS);
  for (const [i, move] of moves.entries()) {
    rows.push({
      version: view.stateVersion + 1 + i,
      state: move.state,
      at: move.at,
      event_number: move.eventNumber,
      message: move.message,
      failure: move.failure === null ? null : JSON.stringify(move.failure),
    });
  }
  return rows;
}

/** How often a decision is made anew when others are faster, before the caller is told to come again. */
export const MOST_DECISIONS = 5;
