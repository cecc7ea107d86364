import { isFinished, isHeld, isTerminal, type Order, Refusal, type ReportReply, type SealKey } from "@weir/protocol";
import type { Pool } from "pg";
import type { LogMeter } from "../quotas/log-meter.ts";
import { SEAL_KEY_COLUMNS } from "../seal-keys/seal-key.sql.ts";
import { SqlRows } from "../sql-rows.ts";
import type { TaskIds } from "../task-runs/task-ids.ts";
import { attendHolder } from "./attend-holder.ts";
import { endTaskRuns, stateOfAbandoned } from "./end-task-runs.ts";
import { foldReport, type FoldedReport } from "./fold-report.ts";
import type { KnownRun, KnownRuns } from "./known-runs.ts";
import { readEvent, type ReadEvent } from "./read-events.ts";
import type { RunView } from "./run-view.ts";
import { type FlowRunChange, MOST_DECISIONS, viewAfter, type WrittenRun, writeFlowRun } from "./set-flow-run-state.ts";

/** Who reports, as the run token says it. */
export interface Reporter {
  readonly tenantId: string;
  readonly runId: string;
  readonly attempt: number;
}

export interface ReceivedReport {
  readonly first: number;
  readonly events: readonly unknown[];
  readonly sealKeys?: readonly SealKey[];
}

export interface ReportDeps {
  readonly pool: Pool;
  readonly knownRuns: KnownRuns;
  readonly taskIds: TaskIds;
  readonly leaseSeconds: number;
  readonly logMeter: LogMeter;
  /** Called for each run that a report changed. */
  readonly onChange: (runId: string) => void;
  /** Called when a runner says that its run is Cancelled: what it started is to be cancelled too. */
  readonly onCancelled: (run: { tenantId: string; id: string }) => void;
  /** Called when a report freed concurrency slots of the tenant. */
  readonly onFreed: (tenantId: string) => void;
}

export type StoredReport = Omit<ReportReply, "runToken">;

/**
 * Stores a batch of numbered events and renews the lease, in one statement. A batch that was stored before changes nothing and gets the
 * same answer; one with a gap, from an older attempt, or for a run that is over, is refused as a whole.
 * @throws Refusal STALE_ATTEMPT, EVENT_GAP, CONFLICT or NOT_FOUND
 */
export async function reportEvents(
  deps: ReportDeps,
  reporter: Reporter,
  report: ReceivedReport,
): Promise<StoredReport> {
  const events = report.events.map(readEvent);
  for (let decided = 0; decided < MOST_DECISIONS; decided += 1) {
    const run = await deps.knownRuns.get(reporter.tenantId, reporter.runId);
    if (run === null) throw new Refusal("NOT_FOUND", `There is no flow run ${reporter.runId}.`);
    const refusal = refusalOf(run, reporter, report);
    if (refusal !== null && run.fresh) throw refusal;
    const stored = refusal === null ? await decideAndWrite(deps, run, report, events) : null;
    if (stored !== null) return stored;
    // What was remembered is out of date: another replica, the sweeper or a second copy of this report was faster.
    deps.knownRuns.forget(reporter.runId);
  }
  throw new Refusal(
    "OVERLOADED",
    `Flow run ${reporter.runId} is being changed by others at this moment; report again.`,
    {
      retryAfterSeconds: 1,
    },
  );
}

/** Why a report is refused as a whole, or null. */
function refusalOf({ view }: KnownRun, reporter: Reporter, report: ReceivedReport): Refusal | null {
  const { runId, attempt } = reporter;
  if (view.attempt !== attempt) {
    return new Refusal(
      "STALE_ATTEMPT",
      `Attempt ${attempt} of flow run ${runId} is over: attempt ${view.attempt} holds the lease now. Stop working on it.`,
    );
  }
  const last = report.first + report.events.length - 1;
  if (isTerminal(view.state) && last > view.eventNumber) {
    return new Refusal(
      "CONFLICT",
      `Flow run ${runId} is over (${view.state}); nothing can be added to it. Stop working on it.`,
    );
  }
  if (!isHeld(view.state) && !isTerminal(view.state)) {
    return new Refusal(
      "STALE_ATTEMPT",
      `The lease of attempt ${attempt} of flow run ${runId} was given back or ran out; the run is ${view.state}. Stop working on it.`,
    );
  }
  if (report.first > view.eventNumber + 1) {
    return new Refusal(
      "EVENT_GAP",
      `The report begins with event ${report.first}, but the last one that was stored for attempt ${attempt} of flow run ${runId} is ${view.eventNumber}. Send from ${view.eventNumber + 1} on.`,
      { expected: view.eventNumber + 1 },
    );
  }
  return null;
}

const endsRun = (events: readonly ReadEvent[]) =>
  events.some((event) => event.kind === "flow" && isFinished(event.state));

async function decideAndWrite(
  deps: ReportDeps,
  run: KnownRun,
  { first, sealKeys }: ReceivedReport,
  events: readonly ReadEvent[],
): Promise<StoredReport | null> {
  const { view } = run;
  const ends = endsRun(events);
  // A copy of the report that ended the run: its reply was lost. Any other is of a runner that may not know that a person ended it, by hand.
  if (isTerminal(view.state)) {
    return { accepted: first + events.length - 1, orders: ends ? [] : [{ kind: "cancel" }], refused: [] };
  }
  const taskRuns = await deps.knownRuns.taskRunsOf(run, taskRunNumbers(events), ends);
  const folded = foldReport(view, (number) => taskRuns.get(number) ?? null, first, events);
  const accepted = folded.eventNumber;
  if (isTerminal(folded.state)) closeTaskRuns(folded, taskRuns.keys());
  await deps.logMeter.cut(view.tenantId, folded.logs);
  const change = await changeOf(deps, view, folded, sealKeys);
  const written = await writeFlowRun(deps.pool, change);
  if (written === null) return null;
  deps.knownRuns.keep(run, { ...view, ...viewAfter(change) }, folded.taskRuns.views());
  if (change.eventNumber > view.eventNumber) deps.onChange(view.runId);
  if (folded.state === "Cancelled") deps.onCancelled({ tenantId: view.tenantId, id: view.runId });
  return {
    accepted,
    ...(isHeld(folded.state) ? { leaseSeconds: deps.leaseSeconds } : {}),
    orders: await ordersAfter(deps, view, folded, written),
    refused: folded.refused,
  };
}

function ordersAfter(
  deps: ReportDeps,
  view: RunView,
  folded: FoldedReport,
  { orderVersion }: WrittenRun,
): Order[] | Promise<Order[]> {
  if (orderVersion > 0) return attendHolder(deps, view, folded);
  return folded.state === "Cancelling" ? [{ kind: "cancel" }] : [];
}

async function changeOf(
  { taskIds, leaseSeconds }: ReportDeps,
  view: RunView,
  folded: FoldedReport,
  sealKeys: readonly SealKey[] | undefined,
): Promise<FlowRunChange> {
  const ids = await taskIds.resolve(view.tenantId, view.flowId, folded.taskRuns.taskNames());
  return {
    view,
    moves: folded.moves,
    eventNumber: folded.eventNumber,
    leaseSeconds,
    taskRuns: folded.taskRuns.upserts(ids),
    taskRunStates: folded.taskRuns.history,
    logs: folded.logs,
    artifacts: folded.artifacts,
    cachedResults: folded.cached.rows(),
    ...(sealKeys === undefined ? {} : { sealKeys: sealKeyRows(sealKeys) }),
  };
}

function sealKeyRows(keys: readonly SealKey[]): SqlRows<keyof typeof SEAL_KEY_COLUMNS> {
  const rows = new SqlRows(SEAL_KEY_COLUMNS);
  for (const { id, key } of keys) rows.push({ id, key });
  return rows;
}

/** A run that ends takes along what its engine left open: the process may have died in the midst of it. */
function closeTaskRuns(folded: FoldedReport, numbers: Iterable<number>): void {
  const message = `The flow run ended (${folded.state}) before this task run did.`;
  const endState = stateOfAbandoned(folded.state);
  folded.eventNumber = endTaskRuns(folded.taskRuns, numbers, folded.eventNumber, endState, { message });
}

function taskRunNumbers(events: readonly ReadEvent[]): Set<number> {
  const numbers = new Set<number>();
  for (const event of events)
    if (event.kind === "task" || event.kind === "task-run" || event.kind === "result") numbers.add(event.number);
  return numbers;
}
