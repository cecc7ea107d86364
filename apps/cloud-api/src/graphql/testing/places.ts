import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "../graphql-js.ts";

export type OperationKind = "query" | "mutation" | "subscription";

/** A field at the root of the schema. */
export interface RootField {
  readonly kind: OperationKind;
  readonly field: GraphQLField<unknown, unknown>;
}

/** Where a client may write one value: an argument, or a field of an input object inside one. */
export interface Place {
  readonly root: RootField;
  /** As `input.flowRunId`; `ids[]` is a list of them. */
  readonly path: string;
  /** `approveTaskRun.input.flowRunId`: what the lists of things that tests make go by. */
  readonly name: string;
  /** The last word of the path, without `[]`. */
  readonly leaf: string;
  /** Name of the scalar or enum. */
  readonly type: string;
}

/** All root fields: queries, then mutations, then subscriptions. */
export function rootFields(schema: GraphQLSchema): RootField[] {
  const roots = [
    { kind: "query" as const, type: schema.getQueryType() },
    { kind: "mutation" as const, type: schema.getMutationType() },
    { kind: "subscription" as const, type: schema.getSubscriptionType() },
  ];
  return roots.flatMap(({ kind, type }) => Object.values(type?.getFields() ?? {}).map((field) => ({ kind, field })));
}

/** Input objects inside input objects are followed so far; one that holds itself would have no end. */
const MOST_NESTING = 5;

/** Every place of a root field's arguments where a scalar or an enum is written. */
export function placesOf(root: RootField): Place[] {
  return root.field.args.flatMap((argument) => placesBelow(root, argument, [], MOST_NESTING));
}

function placesBelow(
  root: RootField,
  { name, type }: GraphQLArgument | GraphQLInputField,
  above: readonly string[],
  nesting: number,
): Place[] {
  const path = [...above, isList(type) ? `${name}[]` : name];
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    if (nesting === 0) return [];
    return Object.values(named.getFields()).flatMap((field) => placesBelow(root, field, path, nesting - 1));
  }
  const written = path.join(".");
  return [{ root, path: written, name: `${root.field.name}.${written}`, leaf: name, type: named.name }];
}

function isList(type: GraphQLInputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

const CURSORS = new Set(["after", "before"]);

/** Whether a cursor is written there. */
export const takesCursor = ({ leaf, type }: Pick<Place, "leaf" | "type">) => type === "String" && CURSORS.has(leaf);

/** Ids of things that are not the cloud's: what an identity provider calls its client. */
const IDS_OF_ELSEWHERE = new Set(["clientId"]);

/** Whether an id is written there: whatever is an `ID`, and texts that are called one. */
export const takesId = ({ leaf, type }: Place) =>
  type === "ID" || (type === "String" && /^ids?$|Ids?$/.test(leaf) && !IDS_OF_ELSEWHERE.has(leaf));
