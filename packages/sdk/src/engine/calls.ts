import type { KnownTaskRun } from "@weir/protocol";
import { type CallInputs, readInputs, upstreamOf } from "./call-inputs.ts";
import type { TaskRunFacts } from "./declare.ts";
import type { KnownRuns } from "./known-runs.ts";
import { unwrapped } from "./map-sources.ts";
import { Ordinals } from "./ordinals.ts";
import type { Origins } from "./origins.ts";
import type { RunHandle } from "./run-handle.ts";
import type { TaskCode } from "./task-try.ts";

/** A call of a task, as the flow's code made it. */
export interface TaskCall {
  readonly task: string;
  readonly code: TaskCode;
  readonly values: readonly unknown[];
  readonly after: readonly RunHandle[];
  readonly key: string | undefined;
  readonly runName: string | undefined;
}

/** A call with its place in the run: who it is, what it takes, and what an earlier attempt left of it. */
export interface PreparedCall {
  readonly identity: TaskRunFacts;
  readonly inputs: CallInputs;
  readonly known: KnownTaskRun | null;
}

/** Gives each call its number and its edges: the number of an earlier attempt, if it is the same call, else the next one. */
export class Calls {
  readonly #known: KnownRuns;
  readonly #origins: Origins;
  readonly #ordinals = new Ordinals();
  #lastNumber: number;

  constructor(known: KnownRuns, origins: Origins) {
    this.#known = known;
    this.#origins = origins;
    this.#lastNumber = known.lastNumber;
  }

  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  /** @throws Error when the key was used before. */
  prepare({ task, code, values, after, key, runName }: TaskCall): PreparedCall {
    const inputs = readInputs(values, after);
    const ordinal = this.#ordinals.next(task, key);
    const known = this.#known.take({ task, ordinal, key });
    const number = known?.number ?? this.nextNumber();
    const upstream = upstreamOf(unwrapped(inputs), this.#origins);
    return { identity: { number, task, ordinal, key, runName, upstream, tags: code.settings.tags }, inputs, known };
  }
}
