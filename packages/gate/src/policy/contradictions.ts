import { sep } from "node:path";
import { type BoundaryAction, type DataClass, DATA_CLASSES, type FlowRegistration, stricter } from "@weir/protocol";
import { reasonFor } from "./entries.ts";
import { placeOf } from "./places.ts";
import type { Policy } from "./policy.ts";
import { NO_INSIDE_KEY } from "./sealing.ts";

/** What a flow tells of itself, as far as a policy may contradict it. */
export type FlowNeeds = Pick<
  FlowRegistration,
  "name" | "parameterSchema" | "parameterDefaults" | "schedules" | "storage" | "boundary" | "tasks"
>;

/** What the user's side has besides the policy file. */
export interface PolicyContext {
  readonly project: string;
  /** Whether there is a key that agents share, to open what is sealed. */
  readonly hasInsideKey: boolean;
}

/** What is done to a class of data of a flow, and who said so. */
export interface Decision {
  readonly action: BoundaryAction;
  /** `weir.boundary.yaml:4 (classes.log)`, or the flow's own option. */
  readonly place: string;
  /** What policy and flow each say. The flow's is null where it says nothing. */
  readonly ofPolicy: BoundaryAction;
  readonly ofFlow: BoundaryAction | null;
  readonly entry: string | null;
  readonly line: number | null;
}

/**
 * What is done to a class of data of a flow, or of one of its tasks.
 * @param task name of a task; absent: the flow as a whole, for which every entry for a task counts too
 */
export function decisionFor(
  policy: Policy,
  flow: Pick<FlowNeeds, "name" | "boundary">,
  dataClass: DataClass,
  origin: { readonly project: string; readonly task?: string },
): Decision {
  const { action, entry, line } = reasonFor(policy, dataClass, { ...origin, flow: flow.name });
  const said = { ofPolicy: action, ofFlow: asked(flow, dataClass), entry, line };
  if (said.ofFlow === null || stricter(said.ofFlow, action) === action)
    return { ...said, action, place: placeOf(policy, entry, line) };
  return { ...said, action: said.ofFlow, place: `The flow's own option boundary` };
}

function asked({ boundary }: Pick<FlowNeeds, "boundary">, dataClass: DataClass): BoundaryAction | null {
  return (boundary as Partial<Record<DataClass, BoundaryAction>> | undefined)?.[dataClass] ?? null;
}

/**
 * What a flow needs and the policy does not let it have: sentences that name both. Empty: none. Asked before a flow is registered, so that
 * nothing is sent of one that could not run.
 */
export function contradictions(policy: Policy, flow: FlowNeeds, context: PolicyContext): string[] {
  return [
    ...parameterProblems(policy, flow, context),
    ...sealingProblems(policy, flow, context),
    ...codeProblems(policy, flow),
  ];
}

const named = ({ name }: FlowNeeds): string => `The flow ${JSON.stringify(name)}`;
const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(", ");

function parameterProblems(policy: Policy, flow: FlowNeeds, { project }: PolicyContext): string[] {
  const { action, place } = decisionFor(policy, flow, "parameter", { project });
  if (action !== "drop") return [];
  const problems: string[] = [];
  const needed = requiredParameters(flow);
  if (needed.length > 0)
    problems.push(
      `${named(flow)} needs ${needed.length === 1 ? "the parameter" : "the parameters"} ${quoted(needed)}, without a default, but ${inside(place)} says drop for the class parameter: a run would never get ${needed.length === 1 ? "it" : "them"}. Say seal there, or give the flow defaults.`,
    );
  const scheduled = (flow.schedules ?? []).filter(({ parameters }) => parameters !== undefined);
  if (scheduled.length > 0)
    problems.push(
      `${named(flow)} has schedules that give parameters (${quoted(scheduled.map(({ name }) => name))}), but ${inside(place)} says drop for the class parameter: the runs would begin without them. Say seal there, or take the parameters out of the schedules.`,
    );
  return problems;
}

function requiredParameters({ parameterSchema, parameterDefaults }: FlowNeeds): string[] {
  const { required } = Object(parameterSchema) as { required?: unknown };
  const names = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  return names.filter((name) => !Object.hasOwn(Object(parameterDefaults) as object, name));
}

/** Of tasks too: an entry for one of them may seal what is not sealed of the others. */
function sealingProblems(policy: Policy, flow: FlowNeeds, { project, hasInsideKey }: PolicyContext): string[] {
  if (hasInsideKey) return [];
  const origins = [{ project }, ...flow.tasks.map(({ name }) => ({ project, task: name }))];
  const sealed = (Object.keys(DATA_CLASSES) as DataClass[]).flatMap((dataClass) => {
    const decisions = origins.map((origin) => decisionFor(policy, flow, dataClass, origin));
    const decision = decisions.find(({ action }) => action === "seal");
    return decision === undefined ? [] : [`${dataClass}: ${inside(decision.place)}`];
  });
  if (sealed.length === 0) return [];
  return [`${named(flow)} is to have data sealed (${sealed.join("; ")}), but ${NO_INSIDE_KEY}.`];
}

/** Inside a sentence. */
const inside = (place: string): string => place.replace(/^The /, "the ");

function codeProblems(policy: Policy, flow: FlowNeeds): string[] {
  const { storage } = flow;
  const { codeDirectories } = policy;
  if (codeDirectories === null || storage.kind === "sealed") return [];
  const directory = storage.kind === "local" ? storage.directory : storage.location;
  if (codeDirectories.some((allowed) => isBelow(directory, allowed))) return [];
  const line = policy.lineOf?.(["code", "directories"]) ?? null;
  return [
    `${named(flow)} has its code in ${directory}, but ${placeOf(policy, "code.directories", line)} allows code below ${codeDirectories.join(", ")} only: every agent with this policy would refuse its runs. Move the flow there, or add its directory.`,
  ];
}

function isBelow(directory: string, allowed: string): boolean {
  return directory === allowed || directory.startsWith(allowed.endsWith(sep) ? allowed : `${allowed}${sep}`);
}
