import type { LogEvent, RunEvent, TaskEvent, TaskRunEvent } from "@weir/protocol";
import type { Sink } from "../engine/sink.ts";
import type { TaskRunRecord } from "./flow-types.ts";

type Kept = { -readonly [K in keyof TaskRunRecord]: TaskRunRecord[K] };

/** Where events of a run without a cloud go: task runs are kept, log lines are printed, the rest is for nobody. */
export class MemorySink implements Sink {
  readonly #runs = new Map<number, Kept>();
  readonly open = true;

  onOpen(callback: () => void): void {
    callback();
  }

  redact(): void {}

  tighten(): void {}

  emit(event: RunEvent): void {
    if (event.kind === "task-run") this.#declare(event);
    else if (event.kind === "task") this.#move(event);
    else if (event.kind === "log") printLine(event);
  }

  #declare({ kind: _kind, at: _at, tags: _tags, ...facts }: TaskRunEvent): void {
    this.#runs.set(facts.number, { ...facts, state: "Pending", tryNumber: 0 });
  }

  #move(event: TaskEvent): void {
    const run = this.#runs.get(event.number);
    if (run === undefined) return;
    const { state, tryNumber = run.tryNumber, mapCount, location, message, failure } = event;
    Object.assign(run, { state, tryNumber });
    if (mapCount !== undefined) run.mapCount = mapCount;
    if (location !== undefined) run.location = location;
    if (message !== undefined) run.message = message;
    if (failure === undefined) delete run.failure;
    else run.failure = failure;
  }

  taskRuns(): TaskRunRecord[] {
    return [...this.#runs.values()];
  }
}

/** As a logger would, on the terminal of whoever tries a flow out. */
export function printLine({ at, level, text }: Pick<LogEvent, "at" | "level" | "text">): void {
  const line = `${new Date(at).toISOString().slice(11, 23)} ${level.padEnd(5)} ${text}`;
  if (level === "error" || level === "fatal") console.error(line);
  else if (level === "warn") console.warn(line);
  else console.log(line);
}
