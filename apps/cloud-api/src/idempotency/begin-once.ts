import { Refusal } from "@weir/protocol";
import type { Plugin } from "graphql-yoga";
import type { GraphqlContext } from "../graphql/context.ts";
import { getOperationAST, OperationTypeNode } from "../graphql/graphql-js.ts";
import { refusedResult } from "../graphql/mask-error.ts";

/** Begins a mutation that carries an idempotency key once. After all that may refuse an operation as a whole: such a refusal is not kept. */
export const beginOnce: Plugin<GraphqlContext> = {
  async onExecute({ args: { document, operationName, contextValue }, setResultAndStopExecution }) {
    const { idempotency, params } = contextValue;
    if (idempotency === null) return;
    if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.MUTATION) return;
    try {
      if (!(await idempotency.begin(params))) setResultAndStopExecution({ data: null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setResultAndStopExecution(refusedResult(error));
    }
  },
};
