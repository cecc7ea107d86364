import {
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from "../graphql-js.ts";
import { COST_OF_LARGE } from "../field-cost.ts";
import { rootFields } from "./places.ts";

/** What a generated selection takes in. */
export interface Selecting {
  /** Levels of objects below this one. */
  readonly depth: number;
  /** Whether lists and connections below this one are among them. Default: yes. */
  readonly lists?: boolean;
  /** Rows asked of every connection. Default 5. */
  readonly first?: number;
  /** Fields that are left out, as `FlowRun.holdings`. */
  readonly without?: ReadonlySet<string>;
}

type Field = GraphQLField<unknown, unknown>;

/** Fields that are priced for the size of their value. They are columns of a row, and make a page of rows too dear to ask for all of them at once. */
export function largeFields(schema: GraphQLSchema): ReadonlySet<string> {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));
  return new Set(
    types.flatMap((type) =>
      Object.values(type.getFields())
        .filter(({ extensions }) => complexityOf(extensions) === COST_OF_LARGE)
        .map((field) => `${type.name}.${field.name}`),
    ),
  );
}

const complexityOf = (extensions: { readonly pothosOptions?: { readonly complexity?: unknown } }) =>
  extensions.pothosOptions?.complexity;

const optionalArguments = (field: Field) => !field.args.some(isRequiredArgument);

/** Whether a type is a page of a list. */
export const isConnection = (type: GraphQLObjectType) =>
  type.name.endsWith("Connection") && "nodes" in type.getFields();

/** Whether a field answers several things, as list or page. */
export function isPlural({ type }: Field): boolean {
  const named = getNamedType(type);
  return isListType(isNonNullType(type) ? type.ofType : type) || (isObjectType(named) && isConnection(named));
}

/**
 * The selection of everything that a type shows: all scalars, and objects below it as far as `depth` goes.
 * @example selectionOf(flow.type, { depth: 1 }) // "{ createdAt id name project { createdAt id name } }"
 */
export function selectionOf(type: GraphQLOutputType, asked: Selecting): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return "";
  if (isUnionType(named)) {
    const members = named.getTypes().map((member) => `... on ${member.name} ${selectionOf(member, asked)}`);
    return `{ __typename ${members.join(" ")} }`;
  }
  if (!isObjectType(named))
    throw new Error(`${named.name} is neither object nor union; teach this file to select of it.`);
  if (isConnection(named)) return selectionOfConnection(named, asked);
  const fields = Object.values(named.getFields()).flatMap((field) => {
    const selected = selectionOfField(named, field, asked);
    return selected === null ? [] : [selected];
  });
  return `{ ${fields.length === 0 ? "__typename" : fields.join(" ")} }`;
}

function selectionOfConnection(connection: GraphQLObjectType, asked: Selecting): string {
  const { nodes } = connection.getFields();
  const below = nodes === undefined ? "{ __typename }" : selectionOf(nodes.type, asked);
  return `{ edges { cursor } nodes ${below} pageInfo { endCursor hasNextPage hasPreviousPage startCursor } }`;
}

function selectionOfField(owner: GraphQLObjectType, field: Field, asked: Selecting): string | null {
  if (!optionalArguments(field) || asked.without?.has(`${owner.name}.${field.name}`) === true) return null;
  const named = getNamedType(field.type);
  if (isLeafType(named)) return field.name;
  if (asked.depth === 0 || (asked.lists === false && isPlural(field))) return null;
  return `${callOf(field, asked.first)} ${selectionOf(field.type, { ...asked, depth: asked.depth - 1 })}`;
}

/** A field with the size of its page. */
export function callOf(field: Field, first = 5): string {
  const named = getNamedType(field.type);
  return isObjectType(named) && isConnection(named) ? `${field.name}(first: ${first})` : field.name;
}

/** How to get to an object type, from the root of a query. */
export interface Way {
  readonly type: GraphQLObjectType;
  /** Puts a selection of the type into a query. */
  readonly query: (selection: string) => string;
  /** The root field that it begins with. */
  readonly root: string;
  readonly steps: number;
}

/**
 * The shortest way to every object type that can be reached from a query whose root field needs no arguments. Types that only
 * mutations and subscriptions answer are not among them. `first` is asked of the root's page.
 */
export function waysToTypes(schema: GraphQLSchema, first?: number): Map<string, Way> {
  const found = new Map<string, Way>();
  const open: Way[] = rootFields(schema)
    .filter(({ kind, field }) => kind === "query" && optionalArguments(field))
    .flatMap(({ field }) => wayThrough(field, (inner) => `{ ${inner} }`, { root: field.name, steps: 1, first }));
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    if (found.has(way.type.name)) continue;
    found.set(way.type.name, way);
    const { query, root, steps, type } = way;
    for (const field of Object.values(type.getFields()))
      if (optionalArguments(field))
        open.push(...wayThrough(field, (inner) => query(`{ ${inner} }`), { root, steps: steps + 1 }));
  }
  return found;
}

interface Passing {
  readonly root: string;
  readonly steps: number;
  readonly first?: number | undefined;
}

function wayThrough(field: Field, around: (inner: string) => string, { root, steps, first }: Passing): Way[] {
  const named = getNamedType(field.type);
  if (!isObjectType(named)) return [];
  const call = callOf(field, first);
  if (!isConnection(named)) return [{ type: named, query: (inner) => around(`${call} ${inner}`), root, steps }];
  const node = getNamedType(named.getFields().nodes?.type ?? field.type);
  if (!isObjectType(node)) return [];
  return [{ type: node, query: (inner) => around(`${call} { nodes ${inner} }`), root, steps }];
}
