import type { RefusalCode } from "@weir/protocol";
import type { Plugin } from "graphql-yoga";
import type { GraphqlContext } from "../graphql/context.ts";
import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  Kind,
  OperationTypeNode,
} from "../graphql/graphql-js.ts";
import { codeOf } from "../graphql/mask-error.ts";
import { actorOf } from "./audit-actor.ts";
import { outcomeOf } from "./audited.ts";
import { recordAudit } from "./record-audit.ts";

/** Writes down the mutations of an operation that was denied as a whole, before any of them was begun. */
export const auditUnbegun: Plugin<GraphqlContext> = {
  onExecute: ({ args }) => ({
    onExecuteDone: async ({ result }) => {
      const { document, operationName } = args;
      const actions = mutationsOf(document, operationName);
      const code = "errors" in result ? denialOf(result) : null;
      if (code === null || actions.length === 0) return;
      const { database, principal, tenantId, address } = args.contextValue;
      const by = { tenantId, actor: actorOf(principal), ...(address === null ? {} : { address }) };
      const told = { outcome: "denied", code } as const;
      await Promise.all(actions.map((action) => recordAudit(database.pool, { ...by, ...told, action })));
    },
  }),
};

/** Why nothing was begun, when it is for want of a right. What was begun tells of itself. */
function denialOf({ data, errors = [] }: ExecutionResult): RefusalCode | null {
  if (data !== undefined && data !== null) return null;
  const codes = errors.filter(({ path }) => path === undefined).map(({ extensions }) => codeOf(extensions.code));
  return codes.find((code) => outcomeOf(code, false) === "denied") ?? null;
}

function mutationsOf(document: DocumentNode, name: string | null | undefined): string[] {
  const operation = getOperationAST(document, name);
  if (operation?.operation !== OperationTypeNode.MUTATION) return [];
  return operation.selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []));
}
