import { isTerminal, Refusal, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { BY_EVENT, type EventPosition, FIRST_EVENT } from "../graphql/page.ts";
import { type LogRow, readNewLogs } from "../logs/read-logs.ts";
import { readChangedTaskRuns, type TaskRunRow } from "../task-runs/read-task-runs.ts";
import type { Alarm } from "./alarm.ts";
import { END_OF_MESSAGE, HEAD } from "./flow-run-updates.sql.ts";

/** Version of all that a run shows. */
export interface RunHead {
  readonly state: StateName;
  readonly stateVersion: number;
  readonly attempt: number;
  readonly eventNumber: number;
}

/** One message of a run's stream. */
export interface FlowRunUpdate<Run> {
  readonly flowRun: Run;
  /** Those that changed since the message before, each as it stands now. */
  readonly taskRuns: readonly TaskRunRow[];
  readonly logs: readonly LogRow[];
  /** Where the next message begins: for whoever subscribes again. */
  readonly after: string;
}

/** What a stream stands on. */
export interface UpdatesOf<Run extends RunHead> {
  readonly pool: Pool;
  readonly tenantId: string;
  readonly runId: string;
  /** The cursor of an earlier stream, or null for everything. */
  readonly after: string | null;
  /** The run with all that the client asked of it. */
  readonly readRun: () => Promise<Run | null>;
  /** Called when the stream is first read: a stream that nobody reads must hold nothing. */
  readonly setAlarm: () => Alarm;
  /** Throws when the credential is no longer good. */
  readonly checkCredential: () => Promise<unknown>;
  readonly gone: AbortSignal;
  /** Events in one message, task runs and logs each. */
  readonly eventsPerMessage?: number;
}

const EVENTS_PER_MESSAGE = 2_000;

/**
 * What happens to a run, as it happens: the first message at once with everything after the cursor, the last when the run is over and
 * all of it was told.
 * @throws Refusal NOT_FOUND, or INVALID for a cursor that is none.
 */
export async function* flowRunUpdates<Run extends RunHead>(of: UpdatesOf<Run>): AsyncGenerator<FlowRunUpdate<Run>> {
  const alarm = of.setAlarm();
  try {
    let position = readAfter(of.after);
    let seen: RunHead | null = null;
    while (!of.gone.aborted) {
      const changed = seen === null || !isSame(seen, await readHead(of));
      if (changed) {
        const run = await of.readRun();
        if (run === null) throw absent(of.runId);
        // The run was read first: whatever is written meanwhile lies behind its head, and comes with the next message.
        const end = await endOfMessage(of, position, run);
        yield await message(of, run, position, end);
        position = end;
        const all = isAt(end, run);
        if (all && isTerminal(run.state)) return;
        seen = all ? run : null;
      }
      if (seen !== null) await alarm.wait();
      await of.checkCredential();
    }
  } finally {
    alarm.close();
  }
}

function absent(runId: string): Refusal {
  return new Refusal("NOT_FOUND", `There is no flow run ${JSON.stringify(runId)}. Look it up with \`weir runs list\`.`);
}

function readAfter(after: string | null): EventPosition {
  const position = after === null ? FIRST_EVENT : BY_EVENT.read(after);
  if (position !== null) return position;
  throw new Refusal(
    "INVALID",
    `after: ${JSON.stringify(after)} is no cursor of a stream; take \`after\` of its last message, or leave it out.`,
  );
}

function isSame(one: RunHead, other: RunHead): boolean {
  return isAt({ attempt: one.attempt, number: one.eventNumber }, other) && one.stateVersion === other.stateVersion;
}

function isAt(position: EventPosition, head: RunHead): boolean {
  return position.attempt === head.attempt && position.number === head.eventNumber;
}

function isBefore(one: EventPosition, other: EventPosition): boolean {
  return one.attempt < other.attempt || (one.attempt === other.attempt && one.number < other.number);
}

async function readHead({ pool, tenantId, runId }: UpdatesOf<RunHead>): Promise<RunHead> {
  const { rows } = await pool.query<RunHead>(HEAD, [tenantId, runId]);
  if (rows[0] === undefined) throw absent(runId);
  return rows[0];
}

async function endOfMessage(
  { pool, tenantId, runId, eventsPerMessage = EVENTS_PER_MESSAGE }: UpdatesOf<RunHead>,
  position: EventPosition,
  head: RunHead,
): Promise<EventPosition> {
  const newest = { attempt: head.attempt, number: head.eventNumber };
  const { rows } = await pool.query<EventPosition>(END_OF_MESSAGE, [
    tenantId,
    runId,
    position.attempt,
    position.number,
    eventsPerMessage,
  ]);
  const full = rows[0];
  return full !== undefined && isBefore(full, newest) ? full : newest;
}

async function message<Run extends RunHead>(
  { pool, tenantId, runId }: UpdatesOf<Run>,
  flowRun: Run,
  position: EventPosition,
  end: EventPosition,
): Promise<FlowRunUpdate<Run>> {
  const [taskRuns, logs] = await Promise.all([
    readChangedTaskRuns(pool, tenantId, runId, position, end),
    readNewLogs(pool, tenantId, runId, position, end),
  ]);
  return { flowRun, taskRuns, logs, after: BY_EVENT.write(end) };
}
