import { complexityFromQuery } from "@pothos/plugin-complexity";
import { Refusal } from "@weir/protocol";
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  Kind,
} from "./graphql-js.ts";
import type { Plugin } from "graphql-yoga";
import type { GraphqlContext } from "./context.ts";
import { refusedResult } from "./mask-error.ts";

type Operation = Pick<ExecutionArgs, "schema" | "document" | "operationName" | "variableValues">;

/** Fields that the reply could have: a list counts as long as its page may be, and so does all that nests in it. */
export function costOf({ schema, document, operationName, variableValues }: Operation): number {
  const operation = getOperationAST(document, operationName);
  // The execution itself says what is wrong with an operation that is not there.
  if (!operation) return 0;
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const own: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  return complexityFromQuery(own, { schema, variables: { ...variableValues } }).complexity;
}

/** Takes what an operation costs from its sender's budget. @throws Refusal when there is not as much left */
export type Charge = (context: GraphqlContext, cost: number) => void;

/**
 * Refuses operations that cost too much, or more than their sender has left, before anything of them runs; subscriptions too. Not a validation
 * rule: page sizes are variables, and what a validation found is remembered by document. Every reply says what its operation cost.
 */
export function limitCost(most: number, charge: Charge): Plugin<GraphqlContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refused = problemOf(args, most, (cost) => charge(args.contextValue, cost));
      if (refused !== null) setResultAndStopExecution(refused);
      return { onExecuteDone: tellCost(args, most) };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refused = problemOf(args, most, (cost) => charge(args.contextValue, cost));
      if (refused !== null) setResultAndStopExecution(refused);
      const onNext = tellCost(args, most);
      return { onSubscribeResult: () => ({ onNext }) };
    },
  };
}

interface Told {
  readonly result: object;
  readonly setResult: (result: ExecutionResult) => void;
}

/** Puts `extensions.cost` into a reply: what was asked for and the limit, in fields that the reply could have. */
function tellCost(operation: Operation, limit: number): (told: Told) => void {
  return ({ result, setResult }) => {
    if (Symbol.asyncIterator in result) return;
    const told = result as ExecutionResult;
    const asked = askedCost(operation);
    if (asked !== null) setResult({ ...told, extensions: { ...told.extensions, cost: { asked, limit } } });
  };
}

/** Null where it cannot be said: a variable has a wrong type. */
function askedCost(operation: Operation): number | null {
  try {
    return costOf(operation);
  } catch {
    return null;
  }
}

function problemOf(operation: Operation, most: number, charge: (cost: number) => void): ExecutionResult | null {
  try {
    const cost = costOf(operation);
    if (cost > most) return refusedResult(tooCostly(cost, most));
    charge(cost);
    return null;
  } catch (error) {
    // A variable of a wrong type: told as the execution would tell it.
    if (error instanceof GraphQLError) return { errors: [error] };
    if (error instanceof Refusal) return refusedResult(error);
    throw error;
  }
}

function tooCostly(cost: number, most: number): Refusal {
  const sentence = `The operation could answer ${Math.round(cost)} fields, at most ${most} are served; ask for smaller pages (first: …) or fewer nested lists.`;
  return new Refusal("INVALID", sentence);
}
