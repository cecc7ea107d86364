import {
  type Failure,
  isFinished,
  isTaskRunMove,
  isSuccessful,
  type ResultEvent,
  type StateName,
  type TaskEvent,
  type TaskRunEvent,
} from "@weir/protocol";
import {
  TASK_RUN_COLUMNS,
  TASK_RUN_RARE_COLUMNS,
  TASK_RUN_STATE_COLUMNS,
} from "../flow-runs/set-flow-run-state.sql.ts";
import type { TaskRunView } from "../flow-runs/run-view.ts";
import type { FreedTaskRun } from "../task-limits/free-slots.ts";
import { FREEING_STATES } from "../task-limits/task-slot.sql.ts";
import { listLiteral, SqlRows } from "../sql-rows.ts";

/** A task run as it will stand after a batch. Without a `task` it is only moved: what it leaves out stays as it is in the table. */
export interface TaskRunRow {
  readonly number: number;
  readonly task: string | null;
  readonly ordinal: number;
  readonly mapIndex: number | null;
  readonly parent: number | null;
  readonly upstream: readonly number[] | null;
  readonly tags: readonly string[] | null;
  readonly key: string | null;
  runName: string | null;
  state: StateName;
  eventNumber: number;
  tryNumber: number;
  startedAt: number | null;
  endedAt: number | null;
  startTime: number | null;
  mapCount: number | null;
  resultBytes: number | null;
  location: string | null;
  loopCount: number | null;
  approval: Approval | null;
  approvalMessage: string | null;
}

/** Of a person: 1 it is given now; -1 what was given before counts no more. */
type Approval = 1 | -1;

/** What goes into a history row beside its state. */
export interface TaskRunStateDetail {
  readonly message?: string;
  readonly failure?: Failure;
  readonly tryNumber?: number;
  readonly startTime?: number;
  readonly refused?: string;
  /** No transition: the task run's result was written now, after it had succeeded. */
  readonly written?: true;
  /** Made by the cloud (cancel, restart), not reported. */
  readonly by?: "cloud";
}

/**
 * Folds the transitions of one batch: each task run becomes one row to upsert, each event one row of history. Legal moves are applied
 * to what the batch itself did before; an illegal one becomes a history row that says why it was refused, and moves nothing.
 */
export class TaskRunChanges {
  readonly #attempt: number;
  readonly #before: (number: number) => TaskRunView | null;
  readonly #rows = new Map<number, TaskRunRow>();
  readonly history = new SqlRows(TASK_RUN_STATE_COLUMNS);

  /** `before` tells how a task run stands in the database. */
  constructor(attempt: number, before: (number: number) => TaskRunView | null) {
    this.#attempt = attempt;
    this.#before = before;
  }

  /** Numbers of the task runs that the batch changes. */
  numbers(): Iterable<number> {
    return this.#rows.keys();
  }

  /** The task run as it stands now, within the batch. */
  view(number: number): TaskRunView | null {
    const row = this.#rows.get(number);
    if (row === undefined) return this.#before(number);
    return { state: row.state, attempt: this.#attempt, tryNumber: row.tryNumber };
  }

  /** The task runs that the batch changes, as they stand after it. */
  *views(): Iterable<[number, TaskRunView]> {
    for (const row of this.#rows.values()) {
      yield [row.number, { state: row.state, attempt: this.#attempt, tryNumber: row.tryNumber }];
    }
  }

  /** The task runs whose state after the batch frees their concurrency slots. */
  freed(): FreedTaskRun[] {
    return [...this.#rows.values()].filter(({ state }) => FREES.has(state));
  }

  /** Names of all tasks that the batch declares. */
  taskNames(): Set<string> {
    const names = new Set<string>();
    for (const row of this.#rows.values()) if (row.task !== null) names.add(row.task);
    return names;
  }

  /** A task run comes to be, or begins again in a later attempt. Answers why it was refused, or null. */
  declare(eventNumber: number, event: TaskRunEvent): string | null {
    const view = this.view(event.number);
    if (!isTaskRunMove(view?.state ?? null, "Pending", view !== null && view.attempt < this.#attempt)) {
      return this.#refuse(
        eventNumber,
        event,
        "Pending",
        `task run ${event.number} was declared before in this attempt`,
      );
    }
    this.#rows.set(event.number, declaredRow(eventNumber, event));
    this.#remember(eventNumber, event.number, "Pending", event.at, {});
    return null;
  }

  /** A transition. Answers why it was refused, or null. */
  move(eventNumber: number, event: TaskEvent): string | null {
    const view = this.view(event.number);
    if (view === null) {
      return this.#refuse(
        eventNumber,
        event,
        event.state,
        `task run ${event.number} was never declared in this flow run`,
      );
    }
    if (!isTaskRunMove(view.state, event.state)) {
      return this.#refuse(
        eventNumber,
        event,
        event.state,
        `task run ${event.number} is ${view.state}, which cannot become ${event.state}`,
      );
    }
    const row = this.#rows.get(event.number) ?? movedRow(event.number, view);
    this.#rows.set(event.number, row);
    // Who pauses again wants to be asked again. A later attempt that only tells its pause anew (from Pending) must not undo an approval that
    // came while it began; and where there is no row yet, there is nothing to undo.
    if (event.state === "Paused" && view.state !== "Pending" && this.#before(event.number) !== null) row.approval = -1;
    applyMove(row, eventNumber, event);
    this.#remember(eventNumber, event.number, event.state, event.at, detailOf(event));
    return null;
  }

  /** The result of a task run that succeeded lies somewhere now. No transition. Answers why it was refused, or null. */
  resultWritten(eventNumber: number, event: ResultEvent): string | null {
    const view = this.view(event.number);
    const state = view?.state ?? "Pending";
    if (view === null || !isSuccessful(state)) {
      const is = view === null ? "was never declared in this flow run" : `is ${state}`;
      const reason = `task run ${event.number} ${is}; only one that succeeded has a result`;
      return this.#refuse(eventNumber, event, state, reason);
    }
    const row = this.#rows.get(event.number) ?? { ...movedRow(event.number, view), endedAt: AS_IT_STANDS };
    this.#rows.set(event.number, row);
    Object.assign(row, { eventNumber, location: event.location, resultBytes: event.resultBytes });
    this.#remember(eventNumber, event.number, state, event.at, WRITTEN);
    return null;
  }

  /** Ends a task run from the cloud's side, with a history row of its own. */
  end(eventNumber: number, number: number, state: StateName, detail: TaskRunStateDetail): void {
    const view = this.view(number);
    if (view === null) return;
    const row = this.#rows.get(number) ?? movedRow(number, view);
    this.#rows.set(number, row);
    Object.assign(row, { state, eventNumber, endedAt: BY_DATABASE_CLOCK, startTime: null });
    this.#remember(eventNumber, number, state, null, { ...detail, by: "cloud" });
  }

  /** A person approved a task run of a run that nobody holds: it may go on. */
  approve(eventNumber: number, number: number, message: string | undefined): void {
    const view = this.view(number);
    if (view === null) return;
    const row = { ...movedRow(number, view), state: "Resume" as const, eventNumber };
    this.#rows.set(number, { ...row, approval: 1, approvalMessage: message ?? null });
    const detail = { message: message ?? "a person approved it", by: "cloud" } as const;
    this.#remember(eventNumber, number, "Resume", null, detail);
  }

  /** The rows to upsert. `taskIds` has the number that stands for each task's name. */
  upserts(taskIds: ReadonlyMap<string, number>): SqlRows<keyof typeof TASK_RUN_COLUMNS> {
    const idOf = ({ task }: TaskRunRow) => (task === null ? 0 : requireId(taskIds, task));
    if (this.#hasRare()) {
      const rows = new SqlRows(TASK_RUN_RARE_COLUMNS);
      for (const row of this.#rows.values()) rows.push({ ...cellsOf(row, idOf(row)), ...rareCellsOf(row) });
      return rows as SqlRows<keyof typeof TASK_RUN_COLUMNS>;
    }
    const rows = new SqlRows(TASK_RUN_COLUMNS);
    for (const row of this.#rows.values()) rows.push(cellsOf(row, idOf(row)));
    return rows;
  }

  #hasRare(): boolean {
    for (const row of this.#rows.values()) if (row.loopCount !== null || row.approval !== null) return true;
    return false;
  }

  #refuse(
    eventNumber: number,
    event: TaskRunEvent | TaskEvent | ResultEvent,
    state: StateName,
    reason: string,
  ): string {
    this.#remember(eventNumber, event.number, state, event.at, { refused: reason });
    return reason;
  }

  #remember(
    eventNumber: number,
    number: number,
    state: StateName,
    at: number | null,
    detail: TaskRunStateDetail,
  ): void {
    const text = hasOwn(detail) ? JSON.stringify(detail) : null;
    this.history.push({ number: eventNumber, task_run_number: number, state, at, detail: text });
  }
}

const FREES: ReadonlySet<StateName> = new Set(FREEING_STATES);

function requireId(taskIds: ReadonlyMap<string, number>, task: string): number {
  const id = taskIds.get(task);
  if (id === undefined) throw new Error(`The task name ${JSON.stringify(task)} got no number in the dictionary.`);
  return id;
}

/** `ended_at` of a task run that the cloud ended. */
const BY_DATABASE_CLOCK = -1;
/** `ended_at` of a task run that ended in an earlier batch, and of which this one only tells the result. */
const AS_IT_STANDS = -2;
const WRITTEN: TaskRunStateDetail = { message: "its result was written: another task run needs it", written: true };

function hasOwn(detail: object): boolean {
  for (const _ in detail) return true;
  return false;
}

function declaredRow(eventNumber: number, event: TaskRunEvent): TaskRunRow {
  return {
    number: event.number,
    task: event.task,
    ordinal: event.ordinal,
    mapIndex: event.mapIndex ?? null,
    parent: event.parent ?? null,
    upstream: event.upstream ?? [],
    tags: event.tags ?? [],
    key: event.key ?? null,
    runName: event.runName ?? null,
    state: "Pending",
    eventNumber,
    tryNumber: 0,
    startedAt: null,
    endedAt: null,
    startTime: null,
    mapCount: null,
    resultBytes: null,
    location: null,
    loopCount: null,
    approval: null,
    approvalMessage: null,
  };
}

function movedRow(number: number, view: TaskRunView): TaskRunRow {
  return {
    number,
    task: null,
    ordinal: 0,
    mapIndex: null,
    parent: null,
    upstream: null,
    tags: null,
    key: null,
    runName: null,
    state: view.state,
    eventNumber: 0,
    tryNumber: view.tryNumber,
    startedAt: null,
    endedAt: null,
    startTime: null,
    mapCount: null,
    resultBytes: null,
    location: null,
    loopCount: null,
    approval: null,
    approvalMessage: null,
  };
}

function applyMove(row: TaskRunRow, eventNumber: number, event: TaskEvent): void {
  row.state = event.state;
  row.eventNumber = eventNumber;
  row.tryNumber = event.tryNumber ?? row.tryNumber;
  row.runName = event.runName ?? row.runName;
  if (event.state === "Running") row.startedAt ??= event.at;
  row.endedAt = isFinished(event.state) ? event.at : null;
  row.startTime = event.startTime ?? null;
  row.mapCount = event.mapCount ?? row.mapCount;
  row.resultBytes = event.resultBytes ?? row.resultBytes;
  row.location = event.location ?? row.location;
  row.loopCount = event.loopCount ?? row.loopCount;
}

function detailOf(event: TaskEvent): TaskRunStateDetail {
  const detail: { -readonly [K in keyof TaskRunStateDetail]: TaskRunStateDetail[K] } = {};
  if (event.message !== undefined) detail.message = event.message;
  if (event.failure !== undefined) detail.failure = event.failure;
  // The first try needs no note: a run of 10,000 tasks would pay 30 bytes a row for it.
  if (event.tryNumber !== undefined && event.tryNumber > 1) detail.tryNumber = event.tryNumber;
  if (event.startTime !== undefined) detail.startTime = event.startTime;
  return detail;
}

function rareCellsOf({ loopCount, approval, approvalMessage }: TaskRunRow) {
  return { loop_count: loopCount, approval, approval_message: approvalMessage };
}

function cellsOf(row: TaskRunRow, taskId: number) {
  return {
    number: row.number,
    task_id: taskId,
    ordinal: row.ordinal,
    map_index: row.mapIndex,
    state: row.state,
    event_number: row.eventNumber,
    try_number: row.tryNumber,
    started_at: row.startedAt,
    ended_at: row.endedAt,
    start_time: row.startTime,
    parent: row.parent,
    map_count: row.mapCount,
    result_bytes: row.resultBytes,
    upstream: row.upstream === null ? null : listLiteral(row.upstream),
    tags: row.tags === null ? null : listLiteral(row.tags),
    key: row.key,
    run_name: row.runName,
    location: row.location,
  };
}
