import type { Failure } from "@weir/protocol/failure";
import type { Json } from "@weir/protocol";
import { isSuccessful, type StateName } from "@weir/protocol/state";
import { frames } from "./context/frame.ts";
import { Body } from "./engine/body.ts";
import { WeirError } from "./errors.ts";
import type { Flow } from "./flow/flow-types.ts";
import type { TaskRun } from "./handle.ts";
import { task } from "./task/task.ts";

/** How the flow run is started. */
export interface StartOptions {
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Default: the project of the run that starts it. */
  readonly project?: string;
  /** Only an agent that has all of these labels runs it. Default: the flow's. */
  readonly labels?: readonly string[];
  /** Name of the flow run, for people. */
  readonly name?: string;
  /** The same key gives the same run. Default: one of this call, so that a restart does not start it again. */
  readonly idempotencyKey?: string;
  /** Not before this moment. Default: now. */
  readonly scheduledStartTime?: Date;
}

/** How a flow run that was waited for ended. */
export interface FlowRunOutcome {
  readonly runId: string;
  readonly state: StateName;
  readonly message?: string;
  readonly failure?: Failure;
}

function cloudOf(what: string) {
  const body = frames.getStore()?.facts;
  if (body instanceof Body && body.flowRun.setup.cloud !== null) return body.flowRun.setup.cloud;
  throw new WeirError(
    "NEEDS_CLOUD",
    `${what} goes through the cloud, but this run is in memory. Register the flow and let an agent run it, or call the other flow itself: then it runs here.`,
  );
}

function keyOf(): string {
  const frame = frames.getStore();
  return `${frame?.facts.flowRunId ?? ""}-${frame?.taskRunNumber ?? 0}`;
}

async function start(flow: string, options: StartOptions): Promise<string> {
  const cloud = cloudOf("startFlowRun");
  const { parameters, project, labels, name, idempotencyKey = keyOf(), scheduledStartTime } = options;
  const { runId } = await cloud.ask("start", {
    flow,
    idempotencyKey,
    ...(parameters === undefined ? {} : { parameters: parameters as Json }),
    ...(project === undefined ? {} : { project }),
    ...(labels === undefined ? {} : { labels }),
    ...(name === undefined ? {} : { name }),
    ...(scheduledStartTime === undefined ? {} : { scheduledStartTime: scheduledStartTime.getTime() }),
  });
  return runId;
}

async function wait(runId: string, raise: boolean): Promise<FlowRunOutcome> {
  const outcome = await cloudOf("waitForFlowRun").ask("outcome", { runId });
  if (!raise || isSuccessful(outcome.state)) return outcome;
  const reason = outcome.failure?.message ?? outcome.message ?? "no reason was given";
  throw new WeirError("CHILD_RUN_FAILED", `The flow run ${runId} ended ${outcome.state}: ${reason}`);
}

function defined() {
  return { start: task("start-flow-run", start), wait: task("wait-for-flow-run", wait) };
}

// Made when they are first called: tasks that a file defines are registered with it, and these are not the file's. What is written of the
// first one is the id, so that a restart waits for the run that was started.
let tasks: ReturnType<typeof defined> | null = null;

/**
 * Starts another flow's run, which any agent may take, and gives its id. The run that starts it is its parent: cancelling that one cancels it.
 * @throws WeirError `NEEDS_CLOUD` in memory; an Error with the cloud's sentence when there is no such flow or the parameters do not fit.
 * @example
 * const id = startFlowRun("nightly-report", { parameters: { day } });
 * await waitForFlowRun(id);
 */
export function startFlowRun(
  flow: string | Pick<Flow<never, unknown>, "flowName">,
  options: StartOptions = {},
): TaskRun<string> {
  tasks ??= defined();
  return tasks.start(typeof flow === "string" ? flow : flow.flowName, options);
}

/**
 * Waits until a flow run is over, and tells how it ended.
 * @param options.raise false: a run that did not succeed does not fail the task. Default: it does, with `CHILD_RUN_FAILED`.
 * @example const { state } = await waitForFlowRun(id, { raise: false });
 */
export function waitForFlowRun(
  runId: string | TaskRun<string>,
  options: { readonly raise?: boolean } = {},
): TaskRun<FlowRunOutcome> {
  tasks ??= defined();
  return tasks.wait(runId, options.raise ?? true);
}
