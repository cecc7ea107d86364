import { getNamedType, type GraphQLSchema, isLeafType, isRequiredArgument } from "../graphql-js.ts";
import { argumentsFor, callOf } from "./calls.ts";
import { placesOf, rootFields, takesId } from "./places.ts";
import { callOf as fieldOf, selectionOf, waysToTypes } from "./selections.ts";
import type { Furnished } from "./furnish-tenant.ts";
import { nameOf } from "./things.ts";

/** A query that shows little: one failing field takes no other one's answer away. */
export interface NarrowQuery {
  /** `FlowRun.taskRuns`, or a root field with its arguments. */
  readonly name: string;
  readonly query: string;
}

/**
 * For every object type that a query can reach, what it holds itself, and for every field of it that leads on, what lies there.
 * `first` is asked of the page at the root; `without` is left out.
 */
export function narrowQueries(schema: GraphQLSchema, first?: number, without?: ReadonlySet<string>): NarrowQuery[] {
  const own = { depth: 0, ...(without === undefined ? {} : { without }) };
  return [...waysToTypes(schema, first).values()].flatMap(({ type, query }) => {
    const leading = Object.values(type.getFields()).filter(
      ({ type: answered, args }) => !isLeafType(getNamedType(answered)) && !args.some(isRequiredArgument),
    );
    return [
      { name: type.name, query: query(selectionOf(type, own)) },
      ...leading.map((field) => {
        const selection = selectionOf(field.type, own);
        return { name: `${type.name}.${field.name}`, query: query(`{ ${fieldOf(field)} ${selection} }`) };
      }),
    ];
  });
}

/** Every query of the root that takes names or ids, asked with those of things that the tenant has; ids are all of its first run. */
export function queriesByName(schema: GraphQLSchema, world: Furnished): NarrowQuery[] {
  const queries: NarrowQuery[] = [];
  for (const root of rootFields(schema).filter(({ kind }) => kind === "query")) {
    const given = new Map<string, unknown>();
    for (const place of placesOf(root)) {
      const value = nameOf(place, world) ?? (takesId(place) ? world.run : undefined);
      if (value !== undefined) given.set(place.path, value);
    }
    if (given.size === 0) continue;
    const { query } = callOf(root, argumentsFor(root, given), "plain");
    queries.push({ name: `${root.field.name}(${[...given.keys()].join(", ")})`, query });
  }
  return queries;
}
