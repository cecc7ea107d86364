import type { BoundaryRequest } from "@weir/protocol";
import type { Origin, Policy } from "./policy/policy.ts";
import { Decisions, strictestActions } from "./scope/decisions.ts";
import type { Scope } from "./scope/scope.ts";
import type { Subject } from "./treatment/means.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Whose {
  readonly origin: Origin;
  readonly requests: readonly (BoundaryRequest | undefined)[];
}

/**
 * What a message is about. Nothing of it is trusted to be of its schema yet.
 * @param scope of the run that sends it
 */
export function subjectOf(name: string, body: unknown, policy: Policy, scope: Scope | null): Subject {
  if (name === "start" && scope !== null) return started(body, policy, scope);
  if (name === "kvSet" && scope !== null) return written(body, scope);
  if (scope !== null) return scope;
  const { origin, requests } = whoseIs(name, body);
  const actions = new Decisions(policy, origin, requests).of();
  return { runId: null, actions, actionsFor: () => actions, key: null };
}

/** Parameters that a run hands to another are data of both. */
function started(body: unknown, policy: Policy, scope: Scope): Subject {
  const { project = scope.facts.project, flow } = fieldsOf(body);
  const other = new Decisions(policy, originOf(project, flow), []);
  const actions = strictestActions(scope.actions, other.of());
  return { runId: scope.runId, actions, actionsFor: () => actions, key: null };
}

/** What a task writes into the key-value store is data of that task. */
function written(body: unknown, scope: Scope): Subject {
  const { number } = fieldsOf(body);
  const actions = scope.actionsFor({ number });
  return { runId: scope.runId, actions, actionsFor: () => actions, key: null };
}

function whoseIs(name: string, body: unknown): Whose {
  const input = fieldsOf(fieldsOf(body)["input"]);
  if (name === "CreateFlowRun")
    return { origin: originOf(input["project"], input["flow"]), requests: [requestOf(input)] };
  if (name === "SetFlowSettings") return { origin: originOf(input["project"], input["flow"]), requests: [] };
  if (name !== "RegisterFlow") return { origin: {}, requests: [] };
  const registration = fieldsOf(input["registration"]);
  return { origin: originOf(input["project"], registration["name"]), requests: [requestOf(registration)] };
}

function originOf(project: unknown, flow: unknown): Origin {
  return {
    ...(typeof project === "string" ? { project } : {}),
    ...(typeof flow === "string" ? { flow } : {}),
  };
}

function requestOf({ boundary }: Fields): BoundaryRequest | undefined {
  return typeof boundary === "object" && boundary !== null ? boundary : undefined;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
