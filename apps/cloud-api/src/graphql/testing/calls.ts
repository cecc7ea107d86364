import {
  type GraphQLArgument,
  type GraphQLInputField,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from "../graphql-js.ts";
import { registration } from "./graphql-fixture.ts";
import type { RootField } from "./places.ts";
import { selectionOf } from "./selections.ts";

/** A document and its variables. */
export interface Call {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** What required values are, where one of their type would not do. By `field.path`. */
const VALUES: Readonly<Record<string, unknown>> = {
  "changeMemberRole.input.role": "operator",
  "changeRole.input.permissions[]": "run:read",
  "moveFlow.input.project": "default",
  "registerFlow.input.registration": registration("registered"),
};

const OF_TYPES: Readonly<Record<string, unknown>> = {
  ID: "01900000-0000-7000-8000-000000000000",
  String: "text",
  Int: 1,
  Float: 1,
  Boolean: false,
  JSON: {},
  DateTime: "2026-01-31T06:30:00.000Z",
};

/**
 * Values for the arguments of a root field: those of `given` (by path, as `input.flowRunId` or `ids[]`), and of the others what is required.
 * @throws Error for a scalar that nobody told an example of
 */
export function argumentsFor({ field }: RootField, given: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return valuesOf(field.args, field.name, "", given);
}

type Input = GraphQLArgument | GraphQLInputField;

function valuesOf(inputs: readonly Input[], field: string, above: string, given: ReadonlyMap<string, unknown>) {
  const entries = inputs.flatMap((input) => {
    const type = isNonNullType(input.type) ? input.type.ofType : input.type;
    const path = `${above}${input.name}${isListType(type) ? "[]" : ""}`;
    const isGiven = [...given.keys()].some((one) => one === path || one.startsWith(`${path}.`));
    if (!isGiven && !isRequired(input)) return [];
    const value = valueOf(input, field, path, given);
    return [[input.name, isListType(type) ? [value] : value] as const];
  });
  return Object.fromEntries(entries);
}

const isRequired = (input: Input) => isRequiredArgument(input) || isRequiredInputField(input);

function valueOf(input: Input, field: string, path: string, given: ReadonlyMap<string, unknown>): unknown {
  if (given.has(path)) return given.get(path);
  const named = getNamedType(input.type);
  if (isInputObjectType(named)) return valuesOf(Object.values(named.getFields()), field, `${path}.`, given);
  const own = VALUES[`${field}.${path}`];
  if (own !== undefined) return own;
  if (isEnumType(named)) return named.getValues()[0]?.name;
  if (!Object.hasOwn(OF_TYPES, named.name))
    throw new Error(
      `${field}.${path} is of the scalar ${named.name}; put an example of it into OF_TYPES of testing/calls.ts.`,
    );
  return OF_TYPES[named.name];
}

/** An argument's name, its type and its value in a document: `$id`, or the literal. */
type Written = (name: string, value: unknown) => string;

/** A GraphQL literal. Enums are told by their place in the schema, so objects are written beside their types. */
function literal(value: unknown, type: GraphQLInputField["type"]): string {
  const bare = isNonNullType(type) ? type.ofType : type;
  if (isListType(bare)) return `[${(value as unknown[]).map((item) => literal(item, bare.ofType)).join(", ")}]`;
  const named = getNamedType(bare);
  if (isEnumType(named)) return String(value);
  if (isInputObjectType(named)) {
    const fields = named.getFields();
    const inner = Object.entries(value as object).map(
      ([name, one]) => `${name}: ${literal(one, fields[name]?.type ?? type)}`,
    );
    return `{ ${inner.join(", ")} }`;
  }
  return jsonLiteral(value);
}

function jsonLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonLiteral).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, one]) => `${name}: ${jsonLiteral(one)}`)
    .join(", ")} }`;
}

const inParentheses = (written: readonly string[]) => (written.length === 0 ? "" : `(${written.join(", ")})`);

function fieldWith({ field }: RootField, values: Record<string, unknown>, write: Written): string {
  return `${field.name}${inParentheses(Object.entries(values).map(([name, value]) => `${name}: ${write(name, value)}`))}`;
}

const typeOf = ({ field }: RootField, name: string) => {
  const argument = field.args.find((one) => one.name === name);
  if (argument === undefined) throw new Error(`${field.name} has no argument ${name}.`);
  return argument.type;
};

/** The ways in which one field can be asked for. */
export const FORMS = ["plain", "variables", "alias", "named fragment", "inline fragment", "nested fragments"] as const;
export type Form = (typeof FORMS)[number];

/** Rows of a page: everything of more would be refused for its cost. */
const ROWS = 5;

/** Writes one call of a root field, with everything selected that it answers at once. */
export function callOf(root: RootField, given: Record<string, unknown>, form: Form): Call {
  const { kind, field } = root;
  const isPage =
    field.args.some(({ name }) => name === "first") && given.first === undefined && given.last === undefined;
  const values = isPage ? { ...given, first: ROWS } : given;
  const selection = selectionOf(field.type, { depth: 1, lists: false });
  const plain = `${fieldWith(root, values, (name, value) => literal(value, typeOf(root, name)))} ${selection}`;
  const rootType = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  const without = (query: string): Call => ({ query, variables: {} });
  switch (form) {
    case "plain":
      return without(`${kind} { ${plain} }`);
    case "variables": {
      const declared = Object.keys(values).map((name) => `$${name}: ${String(typeOf(root, name))}`);
      const query = `${kind} Asked${inParentheses(declared)} { ${fieldWith(root, values, (name) => `$${name}`)} ${selection} }`;
      return { query, variables: values };
    }
    case "alias":
      return without(`${kind} { renamed: ${plain} }`);
    case "named fragment":
      return without(`${kind} { ...Part } fragment Part on ${rootType} { ${plain} }`);
    case "inline fragment":
      return without(`${kind} { ... on ${rootType} { ... @include(if: true) { ${plain} } } }`);
    case "nested fragments":
      return without(
        `${kind} { ...Outer } fragment Outer on ${rootType} { ... on ${rootType} { ...Inner } } fragment Inner on ${rootType} { again: ${plain} }`,
      );
  }
}
