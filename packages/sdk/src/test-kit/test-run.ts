import type { Store } from "@weir/results";
import { memoryStore } from "@weir/results";
import { makeId } from "@weir/protocol/ids";
import { flowDefinition } from "../flow/definition.ts";
import type { Flow } from "../flow/flow-types.ts";
import { kvJson } from "../kv/kv-json.ts";
import { play, type Scene } from "./play.ts";
import { Cast, type StandIn } from "./stand-ins.ts";
import type { TaskRunRow } from "./task-run-rows.ts";
import { approvedRows, restartedRows } from "./task-run-rows.ts";
import { TestClock } from "./test-clock.ts";
import { type Outcomes, TestCloud } from "./test-cloud.ts";
import type { Approval, TestResult } from "./test-result.ts";

/** Options of `testRun`. */
export interface TestOptions {
  /** What stands in for tasks: `stubTask`, `failTask`, `hangTask`. The first that fits an execution is taken. */
  readonly with?: readonly StandIn[];
  /** The run's time. Default: one of its own, which stands at 1 January 2026. */
  readonly clock?: TestClock;
  /** What is approved without further words. Default: nothing, so a run that pauses ends as `Paused`. */
  readonly approve?: Approval;
  /** The store that the flow's storage would bring. Default: one in memory; null: none, as with Docker storage. */
  readonly store?: Store | null;
  /** `true`: stores that tasks and the flow name are used. Default: one in memory stands in for each. */
  readonly realStores?: boolean;
  /** How flow runs end that the flow starts by `startFlowRun`. Default: in Success. */
  readonly outcomes?: Outcomes;
  /** What the key-value store holds before the run, beside what an earlier run (`after`) left in it. */
  readonly kv?: Readonly<Record<string, unknown>>;
  /** Another run of the same cloud and stores: what that one has cached is found, and time goes on from its end. */
  readonly after?: TestResult<unknown>;
  /**
   * `true`: a wait that is longer than its task's `holdFor` gives the run back and claims it again when it is due, as an agent does: a new
   * attempt, in which the flow's function runs again from its top. Default: time passes at once within the attempt.
   */
  readonly releaseLongWaits?: boolean;
  /** When the run was meant to begin. Default: now, by the clock. */
  readonly scheduledStartTime?: Date | number;
}

/** What it takes to go on with a run: kept beside its result, since it is nothing for assertions. */
interface Kept {
  readonly flow: object;
  readonly parameters: unknown;
  readonly scene: Scene;
  readonly rows: readonly TaskRunRow[];
}

const kept = new WeakMap<object, Kept>();

function keptOf(result: TestResult<unknown>): Kept {
  const found = kept.get(result);
  if (found !== undefined) return found;
  throw new TypeError("That is no result of testRun. Hand over what testRun, restart or approve gave back.");
}

function fill(cloud: TestCloud, entries: Readonly<Record<string, unknown>> = {}): TestCloud {
  for (const [key, value] of Object.entries(entries)) cloud.kv.answer("kvSet", { key, value: kvJson(key, value) });
  return cloud;
}

function newScene(options: TestOptions): Scene {
  const before = options.after === undefined ? undefined : keptOf(options.after).scene;
  const clock = options.clock ?? before?.clock ?? new TestClock();
  return {
    runId: makeId(),
    clock,
    cloud: fill(before?.cloud ?? new TestCloud(clock), options.kv),
    store: options.store === undefined ? (before?.store ?? memoryStore()) : options.store,
    ownStores: options.realStores === true ? null : (before?.ownStores ?? new Map()),
    scheduledStartTime: Number(options.scheduledStartTime ?? clock.now()),
  };
}

/** A stand-in that stands in for nothing would let a test pass which tests nothing. In a run that failed it may not have come so far. */
function refuseStrangers(cast: Cast, { state, taskRuns }: TestResult<unknown>): void {
  const tasks = new Set(taskRuns.map(({ task }) => task));
  const stranger = state === "Success" ? cast.stranger(tasks) : undefined;
  if (stranger === undefined) return;
  const names = [...tasks].map((name) => JSON.stringify(name)).join(", ");
  throw new TypeError(
    `There is a stand-in for ${JSON.stringify(stranger)}, but the flow called no such task; it called ${names}. Hand over the task itself if it need not be called.`,
  );
}

async function perform<T>(run: Kept, options: TestOptions, attempt: number): Promise<TestResult<T>> {
  const { scene, flow, parameters, rows } = run;
  if (options.outcomes !== undefined) scene.cloud.outcomes = options.outcomes;
  const definition = flowDefinition(flow);
  if (definition === undefined)
    throw new TypeError("That is no flow of this copy of @weir/sdk. Hand over what flow(…) gave back.");
  const cast = new Cast(options.with ?? []);
  const { approve = [], releaseLongWaits = false } = options;
  const ended = await play(definition, parameters, scene, { cast, rows, attempt, approve, releaseLongWaits });
  refuseStrangers(cast, ended.result);
  kept.set(ended.result, { ...run, rows: ended.rows });
  return ended.result as TestResult<T>;
}

/**
 * Runs a flow as an agent would, for your own tests: no cloud, no waiting, nothing written to a disk. Retries, delays and timeouts pass at
 * once by a clock of its own; stores are in memory; tasks can be replaced, made to fail, or to hang. Never throws for what the flow does.
 * @throws TypeError when a stand-in names a task that a flow which succeeded has not called.
 * @example
 * const result = await testRun(report, { day: "mon" }, { with: [failTask(load, { times: 2 })] });
 * expectStates(result, load, ["Pending", "Running", "Retrying", "Running", "Retrying", "Running", "Success"]);
 * expect(result.value).toEqual({ rows: 3 });
 */
export async function testRun<P, T>(
  flow: Flow<P, T>,
  parameters?: P,
  options: TestOptions = {},
): Promise<TestResult<T>> {
  return await perform<T>({ flow, parameters, scene: newScene(options), rows: [] }, options, 1);
}

/** Options of `restart` and `approve`. */
export type AgainOptions = Pick<TestOptions, "with" | "approve" | "outcomes" | "releaseLongWaits">;

/**
 * Restarts a run that is over, as a person would: what had succeeded is not executed again and its values come from the stores; the rest
 * runs. Stand-ins of the first run are gone, unless they are named again.
 * @example
 * const failed = await testRun(report, { day: "mon" }, { with: [failTask(publish)] });
 * const again = await restart(failed);
 * expectStates(again, load, []);      // nothing was told of it: it had succeeded
 */
export async function restart<T>(result: TestResult<T>, options: AgainOptions = {}): Promise<TestResult<T>> {
  const run = keptOf(result);
  if (result.state === "Paused")
    throw new TypeError("The run has not ended: it is Paused. Approve what it waits for: approve(result).");
  return await perform<T>({ ...run, rows: restartedRows(run.rows) }, options, result.attempt + 1);
}

/**
 * Approves what a paused run waits for, and lets it go on to its end, or to the next pause.
 * @param tasks names of the tasks that are approved. Default: all that are paused.
 * @example
 * const paused = await testRun(payout, { amount: 20_000 });
 * expect(paused.state).toBe("Paused");
 * expect((await approve(paused)).state).toBe("Success");
 */
export async function approve<T>(
  result: TestResult<T>,
  tasks: Approval = "all",
  options: AgainOptions = {},
): Promise<TestResult<T>> {
  const run = keptOf(result);
  const isMeant = ({ task }: TaskRunRow): boolean => tasks === "all" || tasks.includes(task);
  if (!run.rows.some((row) => row.state === "Paused" && isMeant(row)))
    throw new TypeError("Nothing that is meant is paused. See result.taskRuns for what is.");
  return await perform<T>({ ...run, rows: approvedRows(run.rows, isMeant) }, options, result.attempt + 1);
}
