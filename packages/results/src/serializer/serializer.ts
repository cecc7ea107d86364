import type { Content } from "../content.ts";
import { truncatedError } from "../label.ts";
import { StoreError } from "../store.ts";
import { decodeJson } from "./json-decode.ts";
import { encodeJson } from "./json-encode.ts";

/**
 * Turns values into bytes and back. What is stored says by which serializer it was written.
 * @example
 * const csv: Serializer = { name: "csv", serialize: (rows) => format(rows as Row[]), deserialize: (bytes) => parse(Buffer.from(bytes).toString()) };
 */
export interface Serializer {
  /** Letters, digits, `.`, `_` and `-`. It stays with what was written: a serializer of another format needs another name. */
  readonly name: string;
  serialize(value: unknown): Uint8Array | string;
  deserialize(bytes: Uint8Array): unknown;
}

/** JSON with dates, bigints, `Map`, `Set`, bytes and `undefined`. Plain data stays plain, readable JSON. The default. */
export const jsonSerializer: Serializer = {
  name: "json",
  serialize: encodeJson,
  deserialize: (bytes) => decodeJson(textOf(bytes)),
};

// `node:v8` and `node:zlib` are loaded when they are used: with everything else they would cost each flow's process 3 ms.

/** V8's structured clone: typed arrays, regular expressions, errors and cycles too, fast for binary data; readable by Node only. */
export const v8Serializer: Serializer = {
  name: "v8",
  serialize: (value) => process.getBuiltinModule("node:v8").serialize(value),
  deserialize: (bytes) => process.getBuiltinModule("node:v8").deserialize(bytes),
};

const COMPRESSED = "+zstd";
const INNER = new WeakMap<Serializer, Serializer>();

/**
 * Compresses what another serializer writes.
 * @param options.level 1 (fastest) to 22 (smallest); 3 by default.
 * @example localStore({ directory: "/data", serializer: zstd(jsonSerializer) })
 */
export function zstd(serializer: Serializer, options: { readonly level?: number } = {}): Serializer {
  checkName(serializer);
  const params = options.level === undefined ? {} : { params: { [ZSTD_LEVEL]: options.level } };
  const compressed: Serializer = {
    name: serializer.name + COMPRESSED,
    serialize: (value) => process.getBuiltinModule("node:zlib").zstdCompressSync(serializer.serialize(value), params),
    deserialize: (bytes) => serializer.deserialize(process.getBuiltinModule("node:zlib").zstdDecompressSync(bytes)),
  };
  INNER.set(compressed, serializer);
  return compressed;
}

/** `constants.ZSTD_c_compressionLevel`. */
const ZSTD_LEVEL = 100;

/** How a store's options choose a serializer. */
export interface SerializerOptions {
  /** `jsonSerializer` by default. */
  readonly serializer?: Serializer;
  /** Short for `serializer: zstd(…)`. */
  readonly compress?: boolean;
}

/** The serializer that options name. @throws TypeError when its name cannot be stored. */
export function chosenSerializer({ serializer = jsonSerializer, compress = false }: SerializerOptions): Serializer {
  return compress ? zstd(serializer) : checkName(serializer);
}

function checkName(serializer: Serializer): Serializer {
  const { name } = serializer;
  const isTaken = serializer !== jsonSerializer && serializer !== v8Serializer && /^(json|v8)$/.test(name);
  if ((/^[A-Za-z0-9._-]{1,60}$/.test(name) || INNER.has(serializer)) && !isTaken) return serializer;
  throw new TypeError(
    `A serializer cannot be named ${JSON.stringify(name)}: ${isTaken ? "that name is one of Weir's own" : "letters, digits, '.', '_' and '-' make a name, 60 at most"}.`,
  );
}

/**
 * The value of what is stored. Weir's own serializers are always known, so a store that changed from one to the other reads old results.
 * @throws StoreError `RESULT_READ_FAILED` when it was written with a serializer that is not there, `RESULT_TRUNCATED` when that cannot read it.
 */
export function decodeContent({ data, serializer }: Content, own: Serializer, place: string): unknown {
  const reader = readerOf(serializer, own);
  if (reader === null) {
    const message = `Could not read the result ${place}: it was written with the serializer ${JSON.stringify(serializer)}, and this store has ${JSON.stringify(own.name)}. Give the store the serializer that wrote it, or start a new run.`;
    throw new StoreError("RESULT_READ_FAILED", message);
  }
  try {
    if (typeof data === "string" && reader === jsonSerializer) return decodeJson(data);
    return reader.deserialize(typeof data === "string" ? Buffer.from(data) : data);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof SyntaxError)
      throw truncatedError(
        place,
        `it is not what the serializer ${serializer} writes (${reason}); it was changed or cut off`,
      );
    const message = `Could not read the result ${place}: the serializer ${serializer} cannot read what it wrote once: ${reason}. Start a new run, or bring back the serializer of that time.`;
    throw new StoreError("RESULT_READ_FAILED", message, { cause });
  }
}

function readerOf(name: string, own: Serializer): Serializer | null {
  if (name === own.name) return own;
  const inner = INNER.get(own);
  if (inner !== undefined) return readerOf(name, inner);
  if (name === "json") return jsonSerializer;
  if (name === "v8") return v8Serializer;
  if (!name.endsWith(COMPRESSED)) return null;
  const base = readerOf(name.slice(0, -COMPRESSED.length), own);
  return base === null ? null : zstd(base);
}

/** Ending of a file of the user's that a serializer wrote: `json.zst`. */
export function extensionOf(name: string): string {
  return name.replace(COMPRESSED, ".zst");
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
