import { getNamedType, isObjectType, isUnionType } from "../../graphql-js.ts";
import type { RootField } from "../places.ts";

/** How an operation is shown in docs/graphql.md. */
export interface Example {
  /** Values in capitals that end in `_ID` stand for ids: the reader puts in their own. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** What is asked of the answer; of a mutation's, of its payload. */
  readonly select: string;
}

/**
 * The whole operation, as it is sent.
 * @example operationOf(root, { variables: { id: "FLOW_RUN_ID" }, select: "id state" }) // "query ($id: ID!) { flowRun(id: $id) { id state } }"
 */
export function operationOf({ kind, field }: RootField, { variables = {}, select }: Example): string {
  const given = field.args.filter(({ name }) => Object.hasOwn(variables, name));
  const declared = given.map(({ name, type }) => `$${name}: ${String(type)}`);
  const passed = given.map(({ name }) => `${name}: $${name}`);
  const parentheses = (list: readonly string[]) => (list.length === 0 ? "" : `(${list.join(", ")})`);
  const head = declared.length === 0 ? kind : `${kind} ${parentheses(declared)}`;
  return `${head} { ${field.name}${parentheses(passed)} { ${whatIsAsked(field.type, select)} } }`;
}

function whatIsAsked(type: RootField["field"]["type"], select: string): string {
  const named = getNamedType(type);
  if (!isUnionType(named)) return select;
  const payload = named.getTypes().find((member) => isObjectType(member) && member.name !== "Refusal");
  return `__typename ... on ${payload?.name ?? ""} { ${select} } ... on Refusal { code message }`;
}
