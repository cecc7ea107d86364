import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "./graphql-js.ts";

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function parseMoment(value: unknown): Date {
  const date = typeof value === "string" && MOMENT.test(value) ? new Date(value) : null;
  if (date === null || Number.isNaN(date.getTime()))
    throw new GraphQLError(
      `${JSON.stringify(value)} is no moment; write it as ISO 8601 with its zone, for example "2026-01-31T06:30:00Z".`,
      { extensions: { code: "INVALID" } },
    );
  return date;
}

/** A moment. Out: ISO 8601 in UTC with milliseconds. In: ISO 8601 with a zone; without one it would be the server's, which nobody knows. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description: 'A moment as ISO 8601 with its zone: "2026-01-31T06:30:00.000Z".',
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  parseValue: parseMoment,
  parseLiteral: (node) => parseMoment(node.kind === Kind.STRING ? node.value : null),
});

function jsonOfLiteral(node: ValueNode, variables: Record<string, unknown>): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map((item) => jsonOfLiteral(item, variables));
    case Kind.OBJECT:
      // fromEntries defines own properties: a field called __proto__ stays a field, and is refused by name later.
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, jsonOfLiteral(field.value, variables)] as const),
      );
    case Kind.VARIABLE:
      return variables[node.name.value];
  }
}

/** Any JSON. What it may hold is checked by whoever takes it (`jsonProblem`), so that the sentence can name the field. */
export const Json = new GraphQLScalarType<unknown, unknown>({
  name: "JSON",
  description: "Any JSON value.",
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => jsonOfLiteral(node, variables ?? {}),
});
