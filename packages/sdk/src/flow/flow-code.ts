import type { TaskCode } from "../engine/task-try.ts";
import { taskSettings } from "../task/task-options.ts";
import type { FlowDefinition } from "./definition.ts";

const codes = new WeakMap<FlowDefinition, TaskCode>();

/** A flow as the task that it is where another flow calls it: its result is checkpointed, its handlers are asked, it is not retried. */
export function flowCode(definition: FlowDefinition): TaskCode {
  const known = codes.get(definition);
  if (known !== undefined) return known;
  const settings = { ...taskSettings(definition.name, {}), store: definition.store, handlers: definition.handlers };
  const code: TaskCode = { fn: definition.body, settings, kind: "task" };
  codes.set(definition, code);
  return code;
}
