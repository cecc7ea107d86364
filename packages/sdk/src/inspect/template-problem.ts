import { checkTemplate } from "@weir/results";
import { failureOf } from "../failure-of.ts";
import type { FlowDefinition } from "../flow/definition.ts";
import { jsonSchemaOf } from "../flow/parameter-schema.ts";
import type { DefinedTask } from "../task/task.ts";

/** Names of a flow's parameters; null: nobody can say, since there is no schema, or one that allows any. */
function parameterNames({ parameters }: FlowDefinition): string[] | null {
  const schema = parameters === undefined ? undefined : jsonSchemaOf(parameters);
  const properties = schema?.["properties"];
  if (schema?.["additionalProperties"] !== false || typeof properties !== "object" || properties === null) return null;
  return Object.keys(properties);
}

/**
 * What is wrong with a location template that the file's flows and tasks use: a name that no run could know. A task may belong to any flow
 * of its file, so a parameter of one of them will do. Null: nothing.
 */
export function templateProblem(
  flows: readonly FlowDefinition[],
  tasks: readonly Pick<DefinedTask, "name" | "templates">[],
): string | null {
  const names = flows.map((flow) => parameterNames(flow));
  const known = names.includes(null) ? {} : { parameters: names.flatMap((some) => some ?? []) };
  const ofFlows = flows.map(({ store }) => store?.template).filter((template) => typeof template === "string");
  for (const template of [...ofFlows, ...tasks.flatMap(({ templates }) => templates)]) {
    try {
      checkTemplate(template, known);
    } catch (error) {
      return failureOf(error).message;
    }
  }
  return null;
}
