import type { Stage } from "./stage/stage.ts";

/** One side of a comparison. */
export interface Contender {
  /** How many units of work one call does: what the CPU time is divided by. */
  readonly units: number;
  /** Brings about what is measured, such as agents that wait. Its time counts for nobody. */
  prepare?(): Promise<void>;
  /** Does the work once and answers what it measured, in the contest's unit: one rate, or several latencies. */
  measure(): Promise<readonly number[]>;
}

/** What a figure must reach. Every part that stands here. */
export interface Goal {
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly timesPeer?: number;
  readonly timesPeerAtMost?: number;
}

/** A line of the table: one contender beside its peer and its physical limit. */
export interface Line {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly limit: string;
  /** Of each round's values, which one counts; p95 and p99 are taken over the values of all rounds together. */
  readonly statistic: "p50" | "p95" | "p99";
  readonly goal: Goal;
  /** Where it is another than the contest's. */
  readonly unit?: "% of a core" | "MB" | "ms";
}

/** Contenders that take turns, so that a change of the machine's mood hits all of them. */
export interface Contest {
  readonly id: string;
  readonly unit: "task runs/s" | "flow runs/s" | "requests/s" | "ms" | "µs" | "MiB" | "MB/s" | "bytes";
  readonly lines: readonly Line[];
  /** Starts what it needs on the stage. The contenders' names are those that the lines use. */
  open(stage: Stage, scale: number): Promise<Readonly<Record<string, Contender>>>;
}

/** Whether a figure reached its goal. */
export function reached(goal: Goal, ours: number, ratio: number): boolean {
  if (goal.atLeast !== undefined && !(ours >= goal.atLeast)) return false;
  if (goal.atMost !== undefined && !(ours <= goal.atMost)) return false;
  if (goal.timesPeerAtMost !== undefined && !(ratio <= goal.timesPeerAtMost)) return false;
  return goal.timesPeer === undefined || ratio >= goal.timesPeer;
}
