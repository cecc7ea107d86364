import { classedFields, type DataClass } from "./data-class.ts";
import { GRAPHQL_VARIABLES } from "./graphql.ts";
import { RUN_DOOR } from "./run-door.ts";

/** A field that may cross from the user's side. */
export interface CrossingField {
  /** `report`, or `graphql RegisterFlow`. */
  readonly message: string;
  /** Path within the message: `events[].text`. */
  readonly path: string;
  /** Both: `report events[].text`. */
  readonly field: string;
  readonly dataClass: DataClass;
}

/** Every field that may cross from the user's side, each once, message by message. */
export function crossingFields(): CrossingField[] {
  const messages = [
    ...Object.entries(RUN_DOOR).map(([name, door]) => [name, door.request] as const),
    ...Object.entries(GRAPHQL_VARIABLES).map(([name, variables]) => [`graphql ${name}`, variables] as const),
  ];
  const fields = messages.flatMap(([message, schema]) =>
    classedFields(schema).map(({ path, dataClass }) => ({ message, path, field: `${message} ${path}`, dataClass })),
  );
  // Fields of several kinds of event are one: their paths and classes are the same.
  return [...new Map(fields.map((field) => [`${field.field} ${field.dataClass}`, field])).values()];
}
