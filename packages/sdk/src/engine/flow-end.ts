import type { StateName } from "@weir/protocol/state";
import { failureOf } from "../failure-of.ts";
import { FailSignal, Signal } from "../signals.ts";
import type { RunHandle } from "./run-handle.ts";

/** How a flow run ended. `error` is what was thrown, for who awaits it; it does not cross. */
export type FlowEnd =
  | { readonly state: "Success"; readonly value: unknown }
  | { readonly state: Exclude<StateName, "Success">; readonly error: unknown; readonly message?: string };

/** What the flow's function came to. */
export type BodyEnd =
  | { readonly kind: "returned"; readonly value: unknown; readonly references: readonly RunHandle[] }
  | { readonly kind: "threw"; readonly error: unknown };

/**
 * Decides how a flow ends when its function and all its task runs have: it threw, so it failed; it returned task runs, so these
 * decide; otherwise every failure that nobody awaited, settled or handed on fails it, as an unhandled rejection fails a program.
 * Reference tasks (`referenced`) override all of it, a function that threw too.
 */
export function flowEnd(
  body: BodyEnd,
  unheard: readonly RunHandle[],
  referenced: readonly RunHandle[] | null = null,
): FlowEnd {
  if (body.kind === "threw" && referenced === null) return { state: "Failed", error: meantForTasks(body.error) };
  const { judged, what } = judgedBy(body, unheard, referenced);
  const [first] = judged;
  if (first === undefined) return { state: "Success", value: body.kind === "returned" ? body.value : undefined };
  const more = judged.length === 1 ? "" : `, and ${judged.length - 1} more`;
  const message = `Failed because of ${first.label()}${more}. ${what}. ${failureOf(first.error).message}`;
  return { state: "Failed", error: first.error, message };
}

/** Those that did not succeed among the task runs that decide, and why it is these. */
function judgedBy(
  body: BodyEnd,
  unheard: readonly RunHandle[],
  referenced: readonly RunHandle[] | null,
): { judged: readonly RunHandle[]; what: string } {
  const failed = (runs: readonly RunHandle[]) => runs.filter((run) => !succeeded(run));
  if (referenced !== null) return { judged: failed(referenced), what: "It is one of the flow's reference tasks" };
  if (body.kind === "returned" && body.references.length > 0)
    return { judged: failed(body.references), what: "The flow returned it" };
  return { judged: unheard, what: "Nobody awaited it" };
}

function meantForTasks(error: unknown): unknown {
  if (!(error instanceof Signal) || error instanceof FailSignal) return error;
  return new Error(`${error.call} was thrown by the flow itself. Throw it inside a task: only tasks can do that.`, {
    cause: error,
  });
}

function succeeded(run: RunHandle): boolean {
  const verdict = run.verdict();
  return verdict === "ok" || verdict === "skipped";
}
