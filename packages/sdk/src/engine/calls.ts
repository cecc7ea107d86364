import type { KnownTaskRun } from "@weir/protocol";
import { type CallInputs, readInputs, upstreamOf } from "./call-inputs.ts";
import type { TaskRunFacts } from "./declare.ts";
import type { FlowRun } from "./flow-run.ts";
import { unwrapped } from "./map-sources.ts";
import { Ordinals } from "./ordinals.ts";
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
  readonly #flowRun: FlowRun;
  readonly #ordinals = new Ordinals();
  readonly #parent: number | undefined;

  /** `parent`: number of the subflow run whose function calls; undefined for the flow's own. */
  constructor(flowRun: FlowRun, parent: number | undefined) {
    this.#flowRun = flowRun;
    this.#parent = parent;
  }

  /** @throws Error when the key was used before. */
  prepare({ task, code, values, after, key, runName }: TaskCall): PreparedCall {
    const inputs = readInputs(values, after);
    const ordinal = this.#ordinals.next(task, key);
    const parent = this.#parent;
    const flowRun = this.#flowRun;
    const known = flowRun.known.take({ task, ordinal, key, parent });
    const number = known?.number ?? flowRun.known.nextNumber();
    const upstream = upstreamOf(unwrapped(inputs), flowRun.origins, (handle) => handle.flowRun === flowRun);
    const { tags } = code.settings;
    return { identity: { number, task, ordinal, key, runName, parent, upstream, tags }, inputs, known };
  }
}
