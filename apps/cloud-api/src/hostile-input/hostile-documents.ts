import fc from "fast-check";
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputField,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "../graphql/graphql-js.ts";
import { schema } from "../graphql/schema.ts";
import { type RootField, rootFields } from "../graphql/testing/places.ts";
import { selectionOf } from "../graphql/testing/selections.ts";
import { hostileTexts, hostileValues, type Ids, idsOf } from "./hostile-values.ts";

/** The body of a request to GraphQL. */
export interface Operation {
  readonly query: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
}

// Whatever is subscribed to with one's own id could stream for ever: subscriptions get the ids of others.
const ROOTS = rootFields(schema);

/** Values of an argument: mostly of its type, sometimes of none. */
function valuesOf({ type }: GraphQLArgument | GraphQLInputField, ids: Ids, nesting = 4): fc.Arbitrary<unknown> {
  const bare = isNonNullType(type) ? type.ofType : type;
  const named = getNamedType(bare);
  const one = (): fc.Arbitrary<unknown> => {
    if (isEnumType(named)) return fc.constantFrom(...named.getValues().map(({ name }) => name));
    if (isInputObjectType(named)) {
      if (nesting === 0) return hostileValues;
      const fields = Object.values(named.getFields());
      const model = Object.fromEntries(fields.map((field) => [field.name, valuesOf(field, ids, nesting - 1)]));
      const requiredKeys = fields.filter(isRequiredInputField).map(({ name }) => name);
      return fc.record(model, { requiredKeys });
    }
    if (named.name === "ID") return idsOf(ids);
    if (named.name === "Int") return fc.integer({ min: -5, max: 300 });
    if (named.name === "Boolean") return fc.boolean();
    if (named.name === "String")
      return fc.oneof(hostileTexts, fc.constantFrom("default", "own-of-b-1-flow", "own-of-b-1-project"));
    return hostileValues;
  };
  const fitting = isListType(bare) ? fc.array(one(), { maxLength: 30 }) : one();
  return fc.oneof({ weight: 8, arbitrary: fitting }, { weight: 2, arbitrary: hostileValues });
}

const rootOf = fc.constantFrom(...ROOTS);

/** A call of a root field whose values travel as variables, of whatever type. */
const calls = (ids: Ids): fc.Arbitrary<Operation> =>
  rootOf.chain((root) => {
    const { kind, field } = root;
    const allowed = kind === "subscription" ? { own: ids.others, others: ids.others } : ids;
    const model = Object.fromEntries(field.args.map((argument) => [argument.name, valuesOf(argument, allowed)]));
    const requiredKeys = field.args.filter(({ type }) => isNonNullType(type)).map(({ name }) => name);
    return fc.record({
      query: fc.integer({ min: 0, max: 3 }).map((depth) => documentOf(root, depth)),
      variables: fc.record(model, { requiredKeys }),
    });
  });

function documentOf({ kind, field }: RootField, depth: number): string {
  const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(", ");
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(", ");
  const braces = (text: string) => (text === "" ? "" : `(${text})`);
  return `${kind} Q${braces(declared)} { ${field.name}${braces(given)} ${selectionOf(field.type, { depth, first: 200 })} }`;
}

const times = (most: number) => fc.integer({ min: 2, max: most });
const repeated = (count: number, part: (index: number) => string, by = " ") =>
  Array.from({ length: count }, (_, i) => part(i)).join(by);

/** Documents that are large, deep or circular, or none. */
const documents: fc.Arbitrary<string> = fc.oneof(
  times(1_000).map((count) => `{ ${repeated(count, (i) => `a${i}: viewer { scope }`)} }`),
  times(400).map((depth) => `{ flowRuns { nodes { ${"parent { ".repeat(depth)} id ${"} ".repeat(depth)} } } }`),
  times(400).map((depth) => `{ viewer ${"{ ... on Viewer ".repeat(depth)} { scope } ${"}".repeat(depth)} }`),
  times(200).map(
    (count) => `{ ...F0 } ${repeated(count, (i) => `fragment F${i} on Query { ...F${(i + 1) % count} }`)}`,
  ),
  times(60).map(
    (count) =>
      `{ ...F0 } ${repeated(count, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F${count} on Query { viewer { scope } }`,
  ),
  times(500).map((count) => `{ viewer { scope ${"@include(if: true) ".repeat(count)} } }`),
  times(500).map((count) => `query(${repeated(count, (i) => `$v${i}: ID`, ", ")}) { viewer { scope } }`),
  times(3_000).map((count) => `{ viewer { ${"scope ".repeat(count)} } }`),
  times(20_000).map((count) => `{ flowRun(id: ${"[".repeat(count)}1${"]".repeat(count)}) { id } }`),
  times(2_000).map((count) => `{ flowRuns(filter: { state: [${"Failed ".repeat(count)}] }) { nodes { id } } }`),
  times(60_000).map((count) => `# ${"c".repeat(count)}\n{ viewer { scope } }`),
  times(100).map((count) => repeated(count, (i) => `query Q${i} { viewer { scope } }`)),
  times(30).map(
    (count) => `{ __schema { types { ${"fields { type { ".repeat(count)} name ${"} }".repeat(count)} } } }`,
  ),
  fc.constantFrom(
    "{",
    "}",
    "{ }",
    "query { viewer { scope } } { viewer { scope } }",
    "subscription { a: __typename }",
    "mutation { __typename }",
    "{ __typename @skip(if: $x) }",
    "{ viewer { ... on Nothing { scope } } }",
    '{ flow(project: """block""", name: "\\u0000") { id } }',
    "query ($a: ID = 1 $a: ID = 2) { flowRun(id: $a) { id } }",
    "type Query { hacked: Int }",
    "{ flowRuns(first: 99999999999999999999) { nodes { id } } }",
    "{ flowRuns(first: -1, last: 1e400) { nodes { id } } }",
    "\uFEFF{ viewer { scope } }",
  ),
  hostileTexts,
  fc.tuple(rootOf, fc.nat({ max: 400 })).map(([root, at]) => documentOf(root, 2).slice(0, at)),
);

/** Bodies for GraphQL: generated from the schema, and around it. */
export const hostileOperations = (ids: Ids): fc.Arbitrary<Operation> =>
  fc.oneof(
    { weight: 5, arbitrary: calls(ids) },
    { weight: 3, arbitrary: documents.map((query) => ({ query })) },
    {
      weight: 1,
      arbitrary: fc.record({
        query: hostileValues,
        variables: hostileValues,
        operationName: hostileValues,
        extensions: hostileValues,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        query: fc.constant("query Q($id: ID!) { flowRun(id: $id) { id name parameters } }"),
        variables: hostileValues,
        operationName: fc.oneof(hostileTexts, fc.constant("Q")),
      }),
    },
  );
