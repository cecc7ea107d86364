import type { ArtifactEvent, LogEvent, LogLevel, RunEvent, StateName, TaskEvent, TaskRunEvent } from "@weir/protocol";
import type { Sink } from "../engine/sink.ts";
import type { TaskRunRecord } from "../flow/flow-types.ts";
import { declaredRow, movedRow, type TaskRunRow } from "./task-run-rows.ts";

/** A log line of a run. */
export interface TestLog {
  readonly level: LogLevel;
  readonly text: string;
  /** Task that wrote it; absent: the flow itself. */
  readonly task?: string;
  /** `weir` for the engine's own lines. */
  readonly logger?: string;
}

/** Something that a run made for people to look at. The same name again replaces it. */
export type TestArtifact = Pick<ArtifactEvent, "name" | "artifact" | "data">;

/** A task run and the states that it went through. */
export interface TestTaskRun extends TaskRunRecord {
  readonly states: readonly StateName[];
}

type Kept = { -readonly [K in keyof TestTaskRun]: TestTaskRun[K] } & { states: StateName[] };

/** Takes what a run tells, and keeps all of it. */
export class Recorder implements Sink {
  readonly open = true;
  readonly logs: TestLog[] = [];
  readonly artifacts = new Map<string, TestArtifact>();
  readonly secrets: string[] = [];
  readonly #runs = new Map<number, Kept>();
  readonly #rows: Map<number, TaskRunRow>;
  readonly #heard: (event: RunEvent) => void;

  /** @param rows task runs of the attempts before */
  constructor(rows: readonly TaskRunRow[], heard: (event: RunEvent) => void) {
    this.#rows = new Map(rows.map((row) => [row.number, row]));
    this.#heard = heard;
  }

  onOpen(callback: () => void): void {
    callback();
  }

  redact(values: readonly string[]): void {
    this.secrets.push(...values);
  }

  /** Nothing leaves a test. */
  tighten(): void {}

  emit(event: RunEvent): void {
    if (event.kind === "task-run") this.#declare(event);
    else if (event.kind === "task") this.#move(event);
    else if (event.kind === "result") this.#result(event.number, event.location);
    else if (event.kind === "log") this.#log(event);
    else if (event.kind === "artifact") this.artifacts.set(event.name, event);
    this.#heard(event);
  }

  #declare(event: TaskRunEvent): void {
    const { kind: _kind, at: _at, tags: _tags, ...facts } = event;
    const states = this.#runs.get(event.number)?.states ?? [];
    this.#runs.set(event.number, { ...facts, state: "Pending", tryNumber: 0, states: [...states, "Pending"] });
    this.#rows.set(event.number, declaredRow(event, this.#rows.get(event.number)));
  }

  #move(event: TaskEvent): void {
    const row = this.#rows.get(event.number);
    if (row !== undefined) this.#rows.set(event.number, movedRow(row, event));
    const run = this.#runs.get(event.number);
    if (run === undefined) return;
    const { state, tryNumber = run.tryNumber, mapCount, location, message, failure } = event;
    run.states.push(state);
    Object.assign(run, { state, tryNumber });
    if (mapCount !== undefined) run.mapCount = mapCount;
    if (location !== undefined) run.location = location;
    if (message !== undefined) run.message = message;
    if (failure === undefined) delete run.failure;
    else run.failure = failure;
  }

  #result(number: number, location: string): void {
    const [row, run] = [this.#rows.get(number), this.#runs.get(number)];
    if (row !== undefined) this.#rows.set(number, { ...row, location });
    if (run !== undefined) run.location = location;
  }

  #log({ level, text, number, logger }: LogEvent): void {
    const task = number === undefined ? undefined : this.#rows.get(number)?.task;
    this.logs.push({
      level,
      text,
      ...(task === undefined ? {} : { task }),
      ...(logger === undefined ? {} : { logger }),
    });
  }

  /** Task runs of this run; those of earlier attempts that it took over have no states of their own. */
  taskRuns(): TestTaskRun[] {
    return [...this.#rows.values()].map((row) => this.#runs.get(row.number) ?? keptRun(row));
  }

  row(number: number): TaskRunRow | undefined {
    return this.#rows.get(number);
  }

  rows(): TaskRunRow[] {
    return [...this.#rows.values()];
  }
}

function keptRun(row: TaskRunRow): TestTaskRun {
  const { startTime: _startTime, loopCount: _loopCount, approved: _approved, ...facts } = row;
  return { ...facts, states: [] };
}
