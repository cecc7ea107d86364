import Type, { type TSchema } from "typebox";

/**
 * The class of data that a field of the line carries. The user's boundary policy decides per class what may leave.
 * The list and its defaults are the founding page of Weir: `docs/what-leaves.md` is generated from it.
 */
export const DATA_CLASSES = {
  metadata: "ids, states, times, counts, durations, versions, flow and task names, tags, labels, edges",
  parameter: "run parameters and their defaults, values of the key-value store",
  log: "log lines, also those that agent and runner write on a run's behalf",
  exception: "message and stack of a failure, messages of signals and states",
  location: "where a result lies in the user's own storage",
  "run-name": "names rendered from inputs",
  artifact: "links, markdown and tables that the flow made for people",
  config: "run config, paths, names of environment variables (never their values), image, working directory",
  digest: "cache keys and digests of inputs, always a keyed HMAC",
} as const;

export type DataClass = keyof typeof DATA_CLASSES;

/** Whether the founding page of Weir admits a class, as docs/what-leaves.md tells it. "it did leave": what it was modelled on sent it all the same. */
export const FOUNDING_PAGE = {
  metadata: "always",
  parameter: "yes",
  log: "yes",
  exception: "yes",
  location: "yes",
  "run-name": "no (it did leave)",
  artifact: "no",
  config: "no",
  digest: "no (it did leave)",
} as const satisfies Record<DataClass, "always" | "yes" | "no" | "no (it did leave)">;

/** The JSON Schema keyword under which a field's class stands. */
export const CLASS_KEYWORD = "x-weir-class";

/** A schema that says which data class its values belong to. `message` accepts no other, so a field without a class does not compile. */
export type Classed<S extends TSchema = TSchema> = S & { readonly [CLASS_KEYWORD]: DataClass };

function classed(dataClass: DataClass) {
  return <S extends TSchema>(schema: S): Classed<S> =>
    Object.assign(schema, { [CLASS_KEYWORD]: dataClass }) as Classed<S>;
}

/** Marks a field as metadata. `metadata(Type.Integer())` */
export const metadata = classed("metadata");
/** Marks a field as parameter data. */
export const parameter = classed("parameter");
/** Marks a field as log data. */
export const log = classed("log");
/** Marks a field as exception data. */
export const exception = classed("exception");
/** Marks a field as a result location. */
export const location = classed("location");
/** Marks a field as a name rendered from inputs. */
export const runName = classed("run-name");
/** Marks a field as artifact data. */
export const artifact = classed("artifact");
/** Marks a field as configuration. */
export const config = classed("config");
/** Marks a field as a digest: the gate sends a keyed HMAC, never the digest itself. */
export const digest = classed("digest");

/** A group of fields inside a message: a nested object, or a list of them. Its own fields carry the classes. */
export type Group<S extends TSchema = TSchema> = S & { readonly "x-weir-group": true };

/** Marks a nested message, a list or a union of them, whose inner fields carry the classes. */
export function group<S extends TSchema>(schema: S): Group<S> {
  return Object.assign(schema, { "x-weir-group": true as const });
}

/** `Type.Optional` that keeps the class, or the mark of a group, of what it wraps. */
export function optional<S extends Classed | Group>(schema: S) {
  const { [CLASS_KEYWORD]: dataClass } = schema as Partial<Classed>;
  const mark = dataClass === undefined ? { "x-weir-group": true as const } : { [CLASS_KEYWORD]: dataClass };
  return Object.assign(Type.Optional(schema), mark) as ReturnType<typeof Type.Optional<S>> & S;
}

/**
 * An object that crosses the line. Every field is classed or is a group of classed fields, no other field is accepted.
 * @example const Heartbeat = message({ attempt: metadata(Type.Integer()) });
 */
export function message<F extends Record<string, Classed | Group>>(fields: F) {
  return Type.Object(fields, { additionalProperties: false });
}

/** One field of a message, as `classedFields` finds it. */
export interface ClassedField {
  /** Path from the message's root, `[]` for each element of a list: `events[].message`. */
  readonly path: string;
  readonly dataClass: DataClass;
}

interface SchemaNode {
  readonly [CLASS_KEYWORD]?: DataClass;
  readonly properties?: Record<string, SchemaNode>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/**
 * Lists every leaf of a message with its class; the source of the gate's behaviour, of the docs and of the snapshot test.
 * @throws Error naming the path of a leaf that carries no class.
 */
export function classedFields(schema: TSchema, path = ""): ClassedField[] {
  const node = schema as SchemaNode;
  const own = node[CLASS_KEYWORD];
  if (own !== undefined) return [{ path, dataClass: own }];
  if (node.properties) {
    return Object.entries(node.properties).flatMap(([name, field]) =>
      classedFields(field, path === "" ? name : `${path}.${name}`),
    );
  }
  if (node.items) return classedFields(node.items, `${path}[]`);
  if (node.anyOf) return node.anyOf.flatMap((branch) => classedFields(branch, path));
  throw new Error(
    `The field ${path === "" ? "(root)" : path} carries no data class; wrap its schema, for example metadata(…).`,
  );
}
