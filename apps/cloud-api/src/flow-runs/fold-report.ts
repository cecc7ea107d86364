import {
  isFlowRunMove,
  isTerminal,
  FLOW_RUN_REPORTABLE,
  type FlowEvent,
  LOG_LEVELS,
  type LogEvent,
  type ArtifactEvent,
  type StateName,
  type TaskEvent,
} from "@weir/protocol";
import { CachedResults } from "../cached-results/cached-results.ts";
import { SqlRows } from "../sql-rows.ts";
import { TaskRunChanges } from "../task-runs/task-run-changes.ts";
import type { ReadEvent } from "./read-events.ts";
import type { RunView, TaskRunView } from "./run-view.ts";
import { ARTIFACT_COLUMNS, LOG_COLUMNS } from "./set-flow-run-state.sql.ts";
import type { FlowRunMove } from "./set-flow-run-state.ts";

/** One event that was stored but not applied, and why. */
export interface RefusedEvent {
  readonly number: number;
  readonly reason: string;
}

/** What a batch does to a run, decided without I/O. */
export interface FoldedReport {
  readonly moves: FlowRunMove[];
  readonly taskRuns: TaskRunChanges;
  readonly logs: SqlRows<keyof typeof LOG_COLUMNS>;
  readonly artifacts: SqlRows<keyof typeof ARTIFACT_COLUMNS>;
  readonly cached: CachedResults;
  readonly refused: RefusedEvent[];
  /** Number of the last event that was taken. */
  eventNumber: number;
  state: StateName;
}

const ERROR_LEVEL = LOG_LEVELS.error;

/**
 * Folds the events after `view.eventNumber` into rows. Every number ends in exactly one row: a transition in the history, a line in the
 * logs, an artifact; what was refused or could not be read stands there with its reason. Nothing is taken after a terminal state.
 */
export function foldReport(
  view: RunView,
  before: (number: number) => TaskRunView | null,
  first: number,
  events: readonly ReadEvent[],
): FoldedReport {
  const folded: FoldedReport = {
    moves: [],
    taskRuns: new TaskRunChanges(view.attempt, before),
    logs: new SqlRows(LOG_COLUMNS),
    artifacts: new SqlRows(ARTIFACT_COLUMNS),
    cached: new CachedResults(),
    refused: [],
    eventNumber: view.eventNumber,
    state: view.state,
  };
  for (let i = Math.max(0, view.eventNumber + 1 - first); i < events.length; i += 1) {
    const event = events[i];
    if (event === undefined) break;
    if (isTerminal(folded.state)) {
      folded.refused.push({ number: first + i, reason: `the run was over (${folded.state}) before this event` });
      continue;
    }
    folded.eventNumber = first + i;
    const reason = take(folded, folded.eventNumber, event);
    if (reason !== null) folded.refused.push({ number: folded.eventNumber, reason });
  }
  return folded;
}

function take(folded: FoldedReport, number: number, event: ReadEvent): string | null {
  switch (event.kind) {
    case "task-run":
      return folded.taskRuns.declare(number, event);
    case "task":
      return takeTask(folded, number, event);
    case "result":
      return folded.taskRuns.resultWritten(number, event);
    case "log":
      return takeLog(folded, number, event);
    case "flow":
      return takeFlow(folded, number, event);
    case "artifact":
      return takeArtifact(folded, number, event);
    case "unreadable":
      return refuseAsLog(
        folded,
        number,
        null,
        `Weir could not read event ${number} of this run: ${event.reason}.`,
        event.reason,
      );
  }
}

function takeTask(folded: FoldedReport, number: number, event: TaskEvent): string | null {
  const reason = folded.taskRuns.move(number, event);
  if (reason === null && event.state === "Cached") folded.cached.add(event);
  return reason;
}

function takeFlow(folded: FoldedReport, number: number, event: FlowEvent): string | null {
  if (!FLOW_RUN_REPORTABLE.includes(event.state) || !isFlowRunMove(folded.state, event.state)) {
    const reason = `the flow run is ${folded.state}, which a runner cannot make ${event.state}`;
    return refuseAsLog(folded, number, event.at, `Weir refused a state that was reported: ${reason}.`, reason);
  }
  folded.state = event.state;
  folded.moves.push({
    state: event.state,
    at: event.at,
    eventNumber: number,
    message: event.message ?? null,
    failure: event.failure ?? null,
  });
  return null;
}

function takeLog(folded: FoldedReport, number: number, event: LogEvent): null {
  folded.logs.push({
    number,
    at: event.at,
    level: LOG_LEVELS[event.level],
    task_run_number: event.number ?? null,
    logger: event.logger ?? null,
    text: event.text,
  });
  return null;
}

function takeArtifact(folded: FoldedReport, number: number, event: ArtifactEvent): null {
  folded.artifacts.push({
    number,
    at: event.at,
    task_run_number: event.number ?? null,
    name: event.name,
    kind: event.artifact,
    data: JSON.stringify(event.data),
  });
  return null;
}

/** Flow states and unreadable rows have no history row of their own to be refused in: people find them among the run's logs. */
function refuseAsLog(folded: FoldedReport, number: number, at: number | null, text: string, reason: string): string {
  folded.logs.push({ number, at, level: ERROR_LEVEL, task_run_number: null, logger: "weir", text });
  return reason;
}
