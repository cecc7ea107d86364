import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from "graphql";

/** A type, or one of its fields. */
export interface SchemaFind {
  readonly type: string;
  /** Null: the type itself. */
  readonly field: string | null;
}

const MOST = 50;

/** Types and fields whose names hold a text, in whatever case: those that begin with it first, then short ones, types before fields. */
export function searchSchema(schema: GraphQLSchema, text: string): SchemaFind[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith("__"));
  const all: SchemaFind[] = [
    ...types.map(({ name }) => ({ type: name, field: null })),
    ...types.flatMap((type) => fieldNames(type).map((field) => ({ type: type.name, field }))),
  ];
  const nameOf = ({ type, field }: SchemaFind) => (field ?? type).toLowerCase();
  const found = all.filter((each) => nameOf(each).includes(wanted));
  const rank = (each: SchemaFind) => (nameOf(each).startsWith(wanted) ? 0 : 1);
  return found.toSorted((a, b) => rank(a) - rank(b) || nameOf(a).length - nameOf(b).length).slice(0, MOST);
}

function fieldNames(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) return Object.keys(type.getFields());
  return [];
}
