import {
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from "../graphql-js.ts";

/** How long something stays after the day of its deprecation, so that programs can follow. */
export const DAYS_OF_DEPRECATION = 90;
const DAY_MS = 86_400_000;

/** A deprecation's reason begins with its day: "Since 2026-11-21: use `taskRuns`." */
const REASON = /^Since (\d{4}-\d{2}-\d{2}): \S/;

/** Deprecated fields, arguments and enum values, as `Type.name`, and why. */
export function deprecations(schema: GraphQLSchema): Map<string, string> {
  const found = new Map<string, string>();
  const note = (name: string, reason: string | null | undefined) => {
    if (typeof reason === "string") found.set(name, reason);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isEnumType(type))
      for (const value of type.getValues()) note(`${type.name}.${value.name}`, value.deprecationReason);
    if (!isObjectType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      note(`${type.name}.${field.name}`, field.deprecationReason);
      if ("args" in field)
        for (const argument of field.args)
          note(`${type.name}.${field.name}.${argument.name}`, argument.deprecationReason);
    }
  }
  return found;
}

/** Deprecations whose reason does not begin with the day on which they began. */
export function undatedDeprecations(schema: GraphQLSchema): string[] {
  return [...deprecations(schema)].flatMap(([name, reason]) => (REASON.test(reason) ? [] : [`${name}: "${reason}"`]));
}

/** What breaks programs that were written for the released schema, as sentences; what was deprecated for long enough is not among it. */
export function breakingChanges(released: string, current: string, today: Date): string[] {
  const old = buildSchema(released);
  const ripe = [...deprecations(old)].flatMap(([name, reason]) => {
    const [, day] = REASON.exec(reason) ?? [];
    const isRipe = day !== undefined && today.getTime() - Date.parse(day) >= DAYS_OF_DEPRECATION * DAY_MS;
    return isRipe ? [name] : [];
  });
  return findBreakingChanges(old, buildSchema(current))
    .filter(({ description }) => !ripe.some((name) => isRemovalOf(description, name)))
    .map(({ description }) => description);
}

/** As graphql-js says it: "Flow.name was removed.", "A was removed from enum type B.", "C.d arg e was removed." */
function isRemovalOf(description: string, name: string): boolean {
  const [type = "", field = "", argument = ""] = name.split(".");
  return [
    `${name} was removed.`,
    `${field} was removed from enum type ${type}.`,
    `${type}.${field} arg ${argument} was removed.`,
  ].includes(description);
}
