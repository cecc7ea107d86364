import type { RunEvent } from "@weir/protocol";
import { memoryStore, type Store } from "@weir/results";
import { frames } from "../context/frame.ts";
import type { FlowEnd } from "../engine/flow-end.ts";
import type { FlowRun } from "../engine/flow-run.ts";
import type { StandIns } from "../engine/stand-ins.ts";
import { failureOf } from "../failure-of.ts";
import type { FlowDefinition } from "../flow/definition.ts";
import { runFlow } from "../flow/run-flow.ts";
import type { TaskFunction } from "../task/task-types.ts";
import { Recorder } from "./recorder.ts";
import type { Cast, Execution, StandIn } from "./stand-ins.ts";
import { approvedRows, knownOf, type TaskRunRow } from "./task-run-rows.ts";
import type { TestClock } from "./test-clock.ts";
import type { TestCloud } from "./test-cloud.ts";
import type { Approval, TestExecution, TestResult } from "./test-result.ts";

/** What a run and its restarts share. */
export interface Scene {
  readonly runId: string;
  readonly clock: TestClock;
  readonly cloud: TestCloud;
  readonly store: Store | null;
  /** What stands in for the stores that the code names; null: they are used themselves. */
  readonly ownStores: Map<Store, Store> | null;
  readonly scheduledStartTime: number;
}

/** What one performance begins with. */
export interface Beginning {
  readonly cast: Cast;
  readonly rows: readonly TaskRunRow[];
  readonly attempt: number;
  readonly approve: Approval;
  /** Whether a long wait gives the run back, as an agent would. */
  readonly releaseLongWaits: boolean;
}

type End = FlowEnd | { readonly rest: "waiting"; readonly dueInMs: number } | { readonly rest: "paused" };

/** As an agent's: so long a cancelled task may clean up. By the test's clock. */
const GRACE_MS = 10_000;

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** One performance of a flow: as many attempts as it takes until it ends, or waits for a person. */
class Performance implements StandIns {
  readonly executions: TestExecution[] = [];
  readonly #scene: Scene;
  readonly #cast: Cast;
  readonly #recorder: Recorder;
  /** The attempt that is under way. */
  run: FlowRun | null = null;

  constructor(scene: Scene, { cast, rows }: Beginning) {
    this.#scene = scene;
    this.#cast = cast;
    this.#recorder = new Recorder(rows, (event: RunEvent) => scene.cloud.hear(event));
  }

  get recorder(): Recorder {
    return this.#recorder;
  }

  fn(task: string, fn: TaskFunction): TaskFunction {
    return (...inputs) => {
      const execution = this.#execution(task);
      const standIn = this.#cast.choose(execution);
      this.executions.push({ ...execution, inputs, stoodIn: standIn !== null });
      if (standIn?.cancels === true) queueMicrotask(() => this.run?.cancel(GRACE_MS));
      return this.#follow((standIn?.fn as TaskFunction | undefined) ?? fn, inputs, standIn);
    };
  }

  #execution(task: string): Execution {
    const { taskRunNumber, mapIndex, tryNumber = 1 } = frames.getStore() ?? {};
    const row = taskRunNumber === undefined ? undefined : this.#recorder.row(taskRunNumber);
    return { task, call: row?.ordinal ?? 0, index: mapIndex, tryNumber };
  }

  #follow(fn: TaskFunction, inputs: unknown[], standIn: StandIn | null): unknown {
    const returned = fn(...inputs);
    return isThenable(returned) && standIn?.hangs !== true ? this.#scene.clock.during(returned) : returned;
  }

  store(named: Store): Store {
    const { ownStores } = this.#scene;
    if (ownStores === null) return named;
    const standIn = ownStores.get(named) ?? memoryStore();
    ownStores.set(named, standIn);
    return standIn;
  }
}

function tell(end: End, performance: Performance, scene: Scene, attempt: number): TestResult<unknown> {
  const { recorder, executions } = performance;
  const error = "error" in end ? end.error : undefined;
  return {
    state: "rest" in end ? "Paused" : end.state,
    value: "value" in end ? end.value : undefined,
    failure: "error" in end ? failureOf(error) : undefined,
    error,
    taskRuns: recorder.taskRuns(),
    executions,
    logs: recorder.logs,
    artifacts: [...recorder.artifacts.values()].map(({ name, artifact, data }) => ({ name, artifact, data })),
    started: [...scene.cloud.started],
    kv: scene.cloud.kv.values(),
    secrets: recorder.secrets,
    attempt,
    clock: scene.clock,
  };
}

/** What goes on after a rest without further words of the test's: undefined where nothing does. */
async function afterRest(end: End, rows: TaskRunRow[], approve: Approval, clock: TestClock) {
  if (!("rest" in end)) return undefined;
  if (end.rest === "waiting") {
    await clock.advance(end.dueInMs);
    return rows;
  }
  const isMeant = ({ task }: TaskRunRow): boolean => approve === "all" || approve.includes(task);
  return rows.some((row) => row.state === "Paused" && isMeant(row)) ? approvedRows(rows, isMeant) : undefined;
}

/** Plays a flow until it ends or pauses: a long wait gives the run back and claims it again when it is due, as an agent would. */
export async function play(
  definition: FlowDefinition,
  parameters: unknown,
  scene: Scene,
  beginning: Beginning,
): Promise<{ result: TestResult<unknown>; rows: readonly TaskRunRow[] }> {
  const performance = new Performance(scene, beginning);
  const { runId, clock, cloud, store, scheduledStartTime } = scene;
  const mayWait = beginning.releaseLongWaits;
  const common = { runId, clock, cloud, store, scheduledStartTime, mayWait, sink: performance.recorder };
  let { attempt } = beginning;
  for (let rows: readonly TaskRunRow[] = beginning.rows; ; attempt += 1) {
    const setup = { ...common, standIns: performance, attempt, known: knownOf(rows) };
    const end: End = await runFlow(definition, setup, parameters, (run) => {
      performance.run = run;
    });
    const next = await afterRest(end, performance.recorder.rows(), beginning.approve, clock);
    if (next === undefined) {
      return { result: tell(end, performance, scene, attempt), rows: performance.recorder.rows() };
    }
    rows = next;
  }
}
