import { types } from "node:util";
import { StoreError } from "../store.ts";

/** Key that marks what JSON itself cannot say. An object of the user's that has this key is wrapped, so it comes back as it was. */
export const TAG = "$weir";

/** Recursion needs a bound below the stack's (about 7,000 frames); real data stays far below it. */
export const MAX_DEPTH = 1_000;

/** One value on its way into JSON. Keeps the path, so that a refusal can say where in the value the trouble is. */
class Encoding {
  readonly #path: (string | number)[] = [];
  readonly #open: object[] = [];

  encode(value: unknown): unknown {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0) ? value : tagged("number", numberText(value));
      case "undefined":
        return tagged("undefined");
      case "bigint":
        return tagged("bigint", value.toString());
      case "object":
        return value === null ? null : this.#object(value);
      case "function":
      case "symbol":
        return this.#refuse(`a ${typeof value}`);
    }
  }

  #object(value: object): unknown {
    if (types.isDate(value)) return tagged("date", Number.isNaN(value.getTime()) ? null : value.toISOString());
    if (types.isUint8Array(value)) return bytes(value);
    if (this.#open.length >= MAX_DEPTH) return this.#tooDeep(value);
    this.#open.push(value);
    const encoded = this.#container(value);
    this.#open.pop();
    return encoded;
  }

  #container(value: object): unknown {
    if (Array.isArray(value)) return this.#list(value);
    if (types.isMap(value)) return tagged("map", this.#list([...value]));
    if (types.isSet(value)) return tagged("set", this.#list([...value]));
    if (isPlain(value)) return this.#record(value);
    return this.#refuse(`an instance of ${value.constructor.name === "" ? "a class" : value.constructor.name}`);
  }

  /** Copies only when an element had to be changed: most data is plain JSON already. */
  #list(list: readonly unknown[]): unknown[] {
    let copy: unknown[] | null = null;
    for (let i = 0; i < list.length; i += 1) {
      const encoded = this.#inside(i, list[i]);
      if (encoded === list[i] && copy === null) continue;
      copy ??= list.slice();
      copy[i] = encoded;
    }
    return copy ?? (list as unknown[]);
  }

  #record(record: Record<string, unknown>): unknown {
    let copy: Record<string, unknown> | null = null;
    for (const key of Object.keys(record)) {
      const inner = record[key];
      const encoded = this.#inside(key, inner);
      if (encoded === inner) continue;
      // No prototype: assigning the key `__proto__` must make a field, as it was one in the user's data.
      copy ??= Object.assign(Object.create(null) as Record<string, unknown>, record);
      copy[key] = encoded;
    }
    return Object.hasOwn(record, TAG) ? tagged("object", copy ?? record) : (copy ?? record);
  }

  #inside(key: string | number, value: unknown): unknown {
    this.#path.push(key);
    const encoded = this.encode(value);
    this.#path.pop();
    return encoded;
  }

  #tooDeep(value: object): never {
    if (this.#open.includes(value)) return this.#refuse("a reference back to something that holds it");
    throw new StoreError(
      "RESULT_NOT_SERIALIZABLE",
      `The value cannot be written as JSON: it is nested deeper than ${MAX_DEPTH} levels. Return a flatter value.`,
    );
  }

  // A class instance is refused, not flattened: after a restart it would come back as something without its methods.
  #refuse(what: string): never {
    throw new StoreError(
      "RESULT_NOT_SERIALIZABLE",
      `The value cannot be written as JSON: ${pathText(this.#path)} is ${what}. ` +
        "Return plain data instead (objects, lists, strings, numbers, dates, bigints, Map, Set, bytes).",
    );
  }
}

function tagged(kind: string, value?: unknown): Record<string, unknown> {
  return value === undefined ? { [TAG]: kind } : { [TAG]: kind, value };
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function bytes(value: Uint8Array): Record<string, unknown> {
  const view = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return tagged(Buffer.isBuffer(value) ? "buffer" : "bytes", view.toString("base64"));
}

/** Object literals, of other realms too, and objects without a prototype. */
function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return "it";
  // A cycle's path is a thousand steps; the first ones tell the place.
  const shown = path.slice(0, 20).map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`));
  return `value${shown.join("")}${path.length > 20 ? "…" : ""}`;
}

/**
 * Writes a value as JSON text. Plain JSON data stays plain, readable JSON; dates, bigints, `Map`, `Set`, `Uint8Array`, `Buffer`,
 * `undefined`, `NaN`, infinities and `-0` are tagged. A hole in a list becomes `undefined`.
 * @throws StoreError `RESULT_NOT_SERIALIZABLE`, naming where in the value the trouble is.
 * @example encodeJson({ day: new Date(0) }) // '{"day":{"$weir":"date","value":"1970-01-01T00:00:00.000Z"}}'
 */
export function encodeJson(value: unknown): string {
  const encoded = new Encoding().encode(value);
  try {
    return JSON.stringify(encoded);
  } catch (cause) {
    throw new StoreError(
      "RESULT_NOT_SERIALIZABLE",
      "The value cannot be written as JSON: its text would be larger than 512 MiB. Write it to a file and return where it lies.",
      { cause },
    );
  }
}
