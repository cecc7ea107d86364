import type { TSchema } from "typebox";
import { isMap, isNode, isScalar, isSeq, type Node } from "yaml";
import { BOUNDARY_ACTIONS } from "@weir/protocol";
import { didYouMean } from "./did-you-mean.ts";
import { isEmpty, type Path, shownPath } from "./yaml-source.ts";

/** The keywords that the schema of a policy file uses; a test compares what is accepted with what TypeBox accepts. */
interface Shape {
  readonly type?: "object" | "array" | "string" | "boolean" | "number";
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** Says what is wrong at a place. `at` is where an editor should jump. */
export type Tell = (at: Node | null, message: string) => void;

/**
 * Makes plain data of a YAML tree as far as it fits the schema, and tells everything that does not. Not by the errors of a validator: those
 * know neither what was meant nor where it stands.
 */
export function shapeOf(schema: TSchema, root: Node, tell: Tell): unknown {
  return new Reader(tell).read(schema, root, []);
}

class Reader {
  readonly #tell: Tell;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  read(shape: Shape, node: Node | null, path: Path): unknown {
    if (shape.type === "object") return this.#object(shape, node, path);
    if (shape.type === "array") return this.#list(shape, node, path);
    return this.#scalar(shape, node, path);
  }

  #object(shape: Shape, node: Node | null, path: Path): unknown {
    if (!isMap(node)) return this.#misfit(node, path, "must be a mapping: keys with their values, one a line");
    const properties = shape.properties ?? {};
    const read: Record<string, unknown> = {};
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      const inner = Object.hasOwn(properties, key) ? properties[key] : undefined;
      const value = isNode(pair.value) ? pair.value : null;
      if (inner === undefined) this.#unknown(isNode(pair.key) ? pair.key : node, key, path, Object.keys(properties));
      else if (!isLeftEmpty(inner, value)) read[key] = this.read(inner, value ?? pairNode(pair.key), [...path, key]);
    }
    for (const key of shape.required ?? [])
      if (!Object.hasOwn(read, key)) this.#tell(node, `${place(path)} lacks the key "${key}"`);
    return read;
  }

  #list(shape: Shape, node: Node | null, path: Path): unknown {
    if (!isSeq(node)) return this.#misfit(node, path, "must be a list: entries that begin with a dash");
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items = {} } = shape;
    if (node.items.length < minItems) this.#tell(node, `${place(path)} is empty; leave it away, or give an entry`);
    if (node.items.length > maxItems)
      this.#tell(node, `${place(path)} has ${node.items.length} entries; the most is ${maxItems}`);
    return node.items
      .slice(0, maxItems)
      .map((item, index) => this.read(items, isNode(item) ? item : node, [...path, index]));
  }

  #scalar(shape: Shape, node: Node | null, path: Path): unknown {
    const value: unknown = isScalar(node) ? node.value : undefined;
    const problem = isScalar(node) && !isEmpty(node) ? scalarProblem(shape, value, path) : `must be ${kindOf(shape)}`;
    return problem === null ? value : this.#misfit(node, path, problem);
  }

  #misfit(node: Node | null, path: Path, problem: string): undefined {
    this.#tell(node, `${place(path)} ${problem}`);
    return undefined;
  }

  #unknown(node: Node, key: string, path: Path, known: readonly string[]): void {
    const where = path.length === 0 ? "this file" : shownPath(path);
    const reason = REASONS.find(([pattern]) => pattern.test(shownPath([...path, key])))?.[1];
    if (reason !== undefined) return this.#tell(node, `${where} has the key "${key}": ${reason}`);
    const near = didYouMean(key, known);
    const meant = near === null ? "" : ` Did you mean "${near}"?`;
    this.#tell(
      node,
      `${where} has the key ${shown(key)}, which means nothing here.${meant} Allowed: ${known.join(", ")}`,
    );
  }
}

/** Keys that somebody may well write, and why they are not there. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /(^|\.)classes\.metadata$/,
    "metadata (ids, states, times, names of flows and tasks) always crosses; without it there would be nothing to schedule",
  ],
  [/(^|\.)classes\.digest$/, "a digest is always sent as a keyed HMAC, and that cannot be changed"],
  [
    /\.jwk\.d$/,
    'this is a PRIVATE key, and everybody who can read this file has it now. Take the key out of use, make a new one, and list only its public half (no "d") here',
  ],
  [/^recipients$/, 'recipients stand under "seal"'],
  [/^(trustedSigners|revoked)$/, 'this stands under "sign"'],
  [/^patterns$/, 'patterns stand under "redact"'],
];

const place = (path: Path): string => (path.length === 0 ? "the file" : shownPath(path));

const pairNode = (key: unknown): Node | null => (isNode(key) ? key : null);

/** A section of which everything is commented out. An action, a name or a path that is left empty is a mistake. */
function isLeftEmpty(shape: Shape, value: Node | null): boolean {
  return (shape.type === "object" || shape.type === "array") && isEmpty(value);
}

function kindOf({ type, enum: words, const: fixed }: Shape): string {
  if (words !== undefined) return `one of ${listed(words)}`;
  if (fixed !== undefined) return JSON.stringify(fixed);
  return type === "boolean" ? "true or false" : "a text";
}

function scalarProblem(shape: Shape, value: unknown, path: Path): string | null {
  if (shape.enum !== undefined) return enumProblem(shape.enum, value, path);
  if (shape.const !== undefined) return value === shape.const ? null : fixedProblem(shape.const, value);
  if (typeof value !== shape.type) return `must be ${kindOf(shape)}, not ${shown(value)}${quoted(shape, value)}`;
  return typeof value === "string" ? textProblem(shape, value) : null;
}

function enumProblem(words: readonly string[], value: unknown, path: Path): string | null {
  if (typeof value === "string" && words.includes(value)) return null;
  const takes = `it takes ${listed(words)}`;
  if (typeof value !== "string") return `is ${shown(value)}; ${takes}`;
  if (Object.hasOwn(BOUNDARY_ACTIONS, value) && path.at(-2) === "classes")
    return `cannot be ${JSON.stringify(value)}, which this class of data does not take; ${takes}`;
  const near = didYouMean(value, words);
  return `is ${shown(value)}; ${takes}.${near === null ? "" : ` Did you mean "${near}"?`}`;
}

function fixedProblem(fixed: unknown, value: unknown): string {
  return `is ${shown(value)}, and this Weir reads ${JSON.stringify(fixed)} only`;
}

function textProblem(
  { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern }: Shape,
  text: string,
): string | null {
  if (text.length < minLength) return "is an empty text";
  if (text.length > maxLength) return `has ${text.length} characters; the most is ${maxLength}`;
  if (pattern !== undefined && !new RegExp(pattern, "u").test(text))
    return "is not 32 bytes in base64url (43 characters)";
  return null;
}

/** YAML takes 12 and true for what they look like. */
function quoted({ type }: Shape, value: unknown): string {
  return type === "string" && typeof value !== "object" ? `. Put it into quotes: "${shown(value)}"` : "";
}

/** Never more than a glimpse: whatever stands in a wrong place may be a secret. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** @example listed(["send", "seal", "drop"]) // "send, seal or drop" */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
