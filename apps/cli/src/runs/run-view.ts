import type { LogLevel, StateName } from "@weir/protocol";
import { isFinished } from "@weir/protocol/state";
import type { LogLine, RunHead, RunState, RunUpdate, TaskRun } from "../connection/answers.ts";

/** One thing that happened to a run, as people want to be told of it. */
export type Happening =
  | { readonly kind: "flow"; readonly at: number; readonly state: RunState }
  | { readonly kind: "task"; readonly at: number; readonly taskRun: TaskRun }
  | {
      readonly kind: "log";
      readonly at: number;
      readonly level: LogLevel;
      readonly text: string;
      readonly logger: string;
      readonly task: string | null;
    };

/** How far a mapped task is. */
export interface MapProgress {
  readonly number: number;
  readonly task: string;
  readonly total: number;
  readonly finished: number;
}

/** Children of a map are told of only when something is unusual about them; their number is shown by a bar. */
function isWorthALine(taskRun: TaskRun): boolean {
  if (taskRun.mapIndex === null) return taskRun.state !== "Pending";
  return !["Pending", "Running", "Success", "Cached", "Skipped"].includes(taskRun.state);
}

/** All that is known of one run while it is followed. Decides what is news; says nothing itself. */
export class RunView {
  readonly #taskRuns = new Map<number, TaskRun>();
  readonly #logs: LogLine[] = [];
  #head: (RunHead & { readonly states: readonly RunState[] }) | null = null;
  #statesTold = 0;
  /** Moment of the latest thing that was told. */
  #latest = 0;

  get head(): RunHead & { readonly states: readonly RunState[] } {
    if (this.#head === null) throw new Error("nothing is known of the run yet");
    return this.#head;
  }

  get state(): StateName | null {
    return this.#head?.state ?? null;
  }

  /** By number. */
  get taskRuns(): TaskRun[] {
    return [...this.#taskRuns.values()].sort((a, b) => a.number - b.number);
  }

  get logs(): readonly LogLine[] {
    return this.#logs;
  }

  /** Takes an update in and gives what it brings, in the order in which it happened. */
  apply(update: RunUpdate): Happening[] {
    this.#head = update.flowRun;
    const news = [...this.#newStates(), ...this.#newTaskStates(update.taskRuns), ...this.#newLogs(update.logs)];
    news.sort((a, b) => a.at - b.at || rankOf(a) - rankOf(b));
    this.#latest = news.reduce((latest, { at }) => Math.max(latest, at), this.#latest);
    return news;
  }

  /** Mapped tasks that are under way. */
  progress(): MapProgress[] {
    const children = Map.groupBy(
      [...this.#taskRuns.values()].filter(({ mapIndex }) => mapIndex !== null),
      ({ parent }) => parent ?? 0,
    );
    return [...children].map(([number, runs]) => ({
      number,
      task: runs[0]?.task ?? "",
      total: Math.max(runs.length, this.#taskRuns.get(number)?.mapCount ?? 0),
      finished: runs.filter(({ state }) => isFinished(state)).length,
    }));
  }

  /** Tasks that run now and are no child of a map. */
  running(): TaskRun[] {
    return this.taskRuns.filter(
      ({ state, mapIndex, mapCount }) => state === "Running" && mapIndex === null && mapCount === null,
    );
  }

  /** The end of the run, once the stream is over. A long run is told in pieces, each with the run as it stands now: its end is no news before the last. */
  closing(): Happening[] {
    return this.#statesUpTo(this.head.states.length);
  }

  #newStates(): Happening[] {
    const { states } = this.head;
    const last = states.at(-1);
    return this.#statesUpTo(last !== undefined && isFinished(last.state) ? states.length - 1 : states.length);
  }

  #statesUpTo(end: number): Happening[] {
    const news = this.head.states.slice(this.#statesTold, end);
    this.#statesTold = Math.max(this.#statesTold, end);
    return news.map((state) => ({ kind: "flow", at: Date.parse(state.at), state }));
  }

  #newTaskStates(changed: readonly TaskRun[]): Happening[] {
    return changed.flatMap((taskRun): Happening[] => {
      const before = this.#taskRuns.get(taskRun.number);
      this.#taskRuns.set(taskRun.number, taskRun);
      const same = before?.state === taskRun.state && before.tryNumber === taskRun.tryNumber;
      return same || !isWorthALine(taskRun) ? [] : [{ kind: "task", at: momentOf(taskRun, this.#latest), taskRun }];
    });
  }

  #newLogs(logs: readonly LogLine[]): Happening[] {
    this.#logs.push(...logs);
    return logs.map(({ at, level, text, logger, taskRunNumber }) => ({
      kind: "log",
      at: Date.parse(at),
      level,
      text,
      logger,
      task: taskRunNumber === null ? null : (this.#taskRuns.get(taskRunNumber)?.task ?? null),
    }));
  }
}

/** Within one millisecond: the run's own beginning comes before all that it led to. */
function rankOf({ kind }: Happening): number {
  return kind === "flow" ? 0 : 1;
}

/**
 * When a task run came into its state, as far as its row tells. Of a wait it does not tell when that began: not before what was told
 * last, in any case.
 */
function momentOf({ state, endedAt, startedAt, approvedAt }: TaskRun, latest: number): number {
  const moment = (state === "Resume" ? approvedAt : null) ?? endedAt ?? startedAt;
  const known = moment === null ? 0 : Date.parse(moment);
  return isFinished(state) || state === "Running" ? known : Math.max(known, latest);
}
