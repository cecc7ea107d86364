import { type Decision, decisionFor, DEFAULT_POLICY, type FlowNeeds, type Policy, reasonFor } from "@weir/gate";
import type { BoundaryAction } from "@weir/protocol";

/** Classes about which somebody decides. */
const CLASSES = ["parameter", "log", "exception", "location", "run-name", "artifact", "config"] as const;
export type DecidedClass = (typeof CLASSES)[number];

/** What is done to a class, and who says so. */
export interface ClassRow {
  readonly class: DecidedClass;
  readonly action: BoundaryAction;
  /** `classes.log`, `overrides[2].classes.log`, `boundary` for the flow's own option; null: the default. */
  readonly entry: string | null;
  /** Of the policy file. */
  readonly line: number | null;
}

/** What is done to the data of a flow; of its tasks, those for which something differs from the flow as a whole. */
export interface FlowDecisions {
  readonly flow: string;
  readonly classes: readonly ClassRow[];
  readonly tasks: readonly { readonly task: string; readonly classes: readonly ClassRow[] }[];
}

/** What a policy says for all that no override means. */
export function policyRows(policy: Policy): ClassRow[] {
  const base = { ...DEFAULT_POLICY, entries: policy.entries?.slice(0, 1) ?? [] };
  return CLASSES.map((name) => ({ class: name, ...reasonFor(base, name, {}) }));
}

/** What is done to a flow's data. A class that no task has for itself is told of the flow alone. */
export function flowDecisions(policy: Policy, flow: FlowNeeds, project: string): FlowDecisions {
  const rowsOf = (task?: string): ClassRow[] =>
    CLASSES.map((name) => rowOf(name, decisionFor(policy, flow, name, { project, ...(task && { task }) })));
  const classes = rowsOf();
  const tasks = flow.tasks.map(({ name: task }) => ({
    task,
    classes: rowsOf(task).filter((row, index) => OF_TASKS.includes(row.class) && row.action !== classes[index]?.action),
  }));
  return { flow: flow.name, classes, tasks: tasks.filter((one) => one.classes.length > 0) };
}

/** Parameters and run config are the flow's. */
const OF_TASKS: readonly DecidedClass[] = ["log", "exception", "location", "run-name", "artifact"];

function rowOf(name: DecidedClass, { action, entry, line, ofPolicy }: Decision): ClassRow {
  if (action !== ofPolicy) return { class: name, action, entry: "boundary", line: null };
  return { class: name, action, entry, line };
}
