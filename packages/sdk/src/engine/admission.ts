import { WeirError } from "../errors.ts";
import type { TaskSettings } from "../task/task-options.ts";
import { allSuccessful, manualOnly, type NamedTrigger, type UpstreamState } from "../task/triggers.ts";
import { type CallInputs, obstacleOf, skippedBecause } from "./call-inputs.ts";
import type { RunHandle } from "./run-handle.ts";

/** Whether a task run may go on, now that all that it depends on has ended. */
export type Admission =
  | { readonly verdict: "run" }
  /** A person has to approve it. */
  | { readonly verdict: "approve" }
  | { readonly verdict: "skip"; readonly message: string }
  | { readonly verdict: "fail"; readonly state: "Failed" | "TriggerFailed"; readonly error: unknown };

const RUN: Admission = { verdict: "run" };

type Rules = Pick<TaskSettings, "trigger" | "skipOnUpstreamSkip">;

/** What stands before the trigger: something skipped skips the task too, something that cannot be read fails it. */
export function beforeTrigger(inputs: CallInputs, { skipOnUpstreamSkip }: Rules): Admission {
  const { handles, after, values } = inputs;
  if (handles.length === 0 && after.length === 0) return RUN;
  const all = after.length === 0 ? handles : [...handles, ...after];
  const skipped = skipOnUpstreamSkip ? obstacleOf("skipped", all, values) : null;
  if (skipped !== null) return { verdict: "skip", message: skippedBecause(skipped) };
  const unreadable = obstacleOf("unreadable", all, values);
  return unreadable === null ? RUN : { verdict: "fail", state: "Failed", error: unreadable.error };
}

function failed(task: string, reason: string, cause: unknown): Admission {
  const error = new WeirError("UPSTREAM_FAILED", `The task ${JSON.stringify(task)} did not run: ${reason}`, { cause });
  return { verdict: "fail", state: "TriggerFailed", error };
}

/** A value that is wanted and is not there never arrives silently. */
function missing(task: string, { handles, values }: CallInputs): Admission | null {
  const obstacle = obstacleOf("unsuccessful", handles, values);
  if (obstacle === null) return null;
  return failed(task, `${obstacle.which}, did not succeed.`, obstacle.error);
}

function statesOf({ handles, after }: CallInputs): UpstreamState[] {
  const states: UpstreamState[] = [];
  for (const handle of handles) handle.upstreamStates(states);
  for (const handle of after) handle.upstreamStates(states);
  return states;
}

function counted(states: readonly UpstreamState[]): string {
  const counts = new Map<string, number>();
  for (const { state } of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return states.length === 0 ? "it depends on nothing" : [...counts].map(([state, n]) => `${n} ${state}`).join(", ");
}

function refused(task: string, { name, wants }: NamedTrigger, states: readonly UpstreamState[]): Admission {
  const message = `The task ${JSON.stringify(task)} did not run: of what it depends on, its trigger ${name} wants ${wants}; they ended so: ${counted(states)}.`;
  return { verdict: "fail", state: "TriggerFailed", error: new WeirError("TRIGGER_FAILED", message) };
}

function ofOwnTrigger(task: string, passes: unknown, states: readonly UpstreamState[]): Admission {
  if (passes === true) return RUN;
  const message = `The task ${JSON.stringify(task)} did not run: its trigger, a function, answered ${String(passes)}; what it depends on ended so: ${counted(states)}.`;
  return { verdict: "fail", state: "TriggerFailed", error: new WeirError("TRIGGER_FAILED", message) };
}

function threw(task: string, cause: unknown): Admission {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The task ${JSON.stringify(task)} did not run: its trigger, a function, threw: ${reason}`;
  return { verdict: "fail", state: "TriggerFailed", error: new WeirError("TRIGGER_THREW", message, { cause }) };
}

/** Asks the trigger; a function of the user's may take its time. */
export function askTrigger(task: string, inputs: CallInputs, { trigger }: Rules): Admission | Promise<Admission> {
  if (trigger === allSuccessful && inputs.handles.length === 0 && inputs.after.length === 0) return RUN;
  if (trigger === allSuccessful) {
    const obstacle = obstacleOf("unsuccessful", [...inputs.handles, ...inputs.after], inputs.values);
    return obstacle === null ? RUN : failed(task, `${obstacle.which}, did not succeed.`, obstacle.error);
  }
  const states = statesOf(inputs);
  if (typeof trigger === "function") return askOwn(task, inputs, states, trigger);
  const decided = trigger.decide(states);
  if (decided === "skip") {
    return {
      verdict: "skip",
      message: `Skipped because all that the task ${JSON.stringify(task)} depends on was skipped.`,
    };
  }
  if (!decided) return refused(task, trigger, states);
  return missing(task, inputs) ?? (trigger === manualOnly ? { verdict: "approve" } : RUN);
}

async function askOwn(
  task: string,
  inputs: CallInputs,
  states: readonly UpstreamState[],
  trigger: (upstream: readonly UpstreamState[]) => boolean | Promise<boolean>,
): Promise<Admission> {
  try {
    const admission = ofOwnTrigger(task, await trigger(states), states);
    return admission.verdict === "run" ? (missing(task, inputs) ?? RUN) : admission;
  } catch (thrown) {
    return threw(task, thrown);
  }
}

/** It was handed a run of another flow run: that one's state is nobody's to know here. */
export function foreignInput(task: string, handle: RunHandle): Extract<Admission, { verdict: "fail" }> {
  const message = `The task ${JSON.stringify(task)} was handed ${handle.label()} of another flow run. Await that one first, and hand its value over.`;
  return { verdict: "fail", state: "Failed", error: new WeirError("INPUT_INVALID", message) };
}
