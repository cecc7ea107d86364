import { beyond, type Permission } from "@weir/protocol";
import type { Plugin } from "graphql-yoga";
import type { GraphqlContext } from "../graphql/context.ts";
import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  Kind,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "../graphql/graphql-js.ts";
import { refusedResult } from "../graphql/mask-error.ts";
import { lacks } from "./lacks.ts";
import { neededOf } from "./needed.ts";

type Operation = Pick<ExecutionArgs, "schema" | "document" | "operationName">;

/**
 * Refuses a mutation that asks to be shown what its sender may not see, before it has any effect: otherwise it would be told that it failed
 * when it had not. What a query may not show is null beside an error, and takes nothing else with it.
 */
export const refuseBeforeEffect: Plugin<GraphqlContext> = {
  onExecute({ args, setResultAndStopExecution }) {
    const { principal } = args.contextValue;
    for (const { what, needed } of neededBelowMutation(args)) {
      const lacking = beyond(needed, principal.permissions);
      if (lacking.length === 0) continue;
      return setResultAndStopExecution(refusedResult(lacks(what, lacking)));
    }
  },
};

interface NeededField {
  /** `FlowRun.parameters` */
  readonly what: string;
  readonly needed: readonly Permission[];
}

/** What the payload of a mutation needs, field by field. The mutations themselves refuse in their own answers. */
function neededBelowMutation({ schema, document, operationName }: Operation): NeededField[] {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== OperationTypeNode.MUTATION) return [];
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const own: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const found: NeededField[] = [];
  const types = new TypeInfo(schema);
  const enter = () => {
    const [parent, field] = [types.getParentType(), types.getFieldDef()];
    if (!parent || !field || parent === schema.getMutationType()) return;
    const needed = [...(neededOf(parent.extensions) ?? []), ...(neededOf(field.extensions) ?? [])];
    if (needed.length > 0) found.push({ what: `${parent.name}.${field.name}`, needed });
  };
  visit(own, visitWithTypeInfo(types, { Field: { enter } }));
  return found;
}
