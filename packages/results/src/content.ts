import { decodeContent, type Serializer } from "./serializer/serializer.ts";
import { hasLabel, labelOf, sizeOf, takeLabel, withLabel } from "./label.ts";
import { StoreError, type Store, type Where, type Written } from "./store.ts";

/** A value in the form that is stored. */
export interface Content {
  /** Text where the serializer gave text: most results are JSON, and turning them into bytes can wait. */
  readonly data: string | Uint8Array;
  /** Name of the serializer. */
  readonly serializer: string;
  /** Whether another one stands for the same value. Without it: the same bytes. What is encrypted differs each time. */
  readonly isSameAs?: (other: Content) => Promise<boolean>;
}

/** What a place says of itself before it is opened. */
export interface PlaceFacts {
  readonly kind: string;
  /** Template of the store's own, where it has one. */
  readonly template?: string | undefined;
  locate?(where: Where, serializer: string): string;
}

/** The part of a store that knows bytes and places, but no values. Wrappers are made of it. */
export interface ByteStore extends PlaceFacts {
  write(content: Content, where: Where): Promise<Written>;
  read(location: string): Promise<Content>;
  exists(location: string): Promise<boolean>;
}

interface Parts {
  readonly bytes: ByteStore;
  readonly serializer: Serializer;
}

// Not a field of the store: a user who spreads a store and replaces its `write` must not be passed by.
const PARTS = new WeakMap<Store, Parts>();

/** A store of values, made of a place for bytes and a serializer. */
export function valueStore(bytes: ByteStore, serializer: Serializer): Store {
  const store: Store = {
    kind: bytes.kind,
    ...(bytes.template === undefined ? {} : { template: bytes.template }),
    // Serialized before anything is awaited: what was written does not change with the value afterwards.
    write: async (value, where) => await bytes.write(encode(serializer, value), where),
    read: async (location) => decodeContent(await bytes.read(location), serializer, location),
    exists: (location) => bytes.exists(location),
    ...(bytes.locate === undefined
      ? {}
      : { locate: (where: Where) => bytes.locate?.(where, serializer.name) ?? refuse(bytes.kind) }),
  };
  PARTS.set(store, { bytes, serializer });
  return store;
}

/**
 * A place whose code is loaded when it is first used: a process of a flow that reads nothing starts without what reads.
 * @param open when it throws, the next use tries again.
 */
export function lazyBytes(facts: PlaceFacts, open: (act: "write" | "read") => Promise<ByteStore>): ByteStore {
  let opened: ByteStore | null = null;
  let opening: Promise<ByteStore> | null = null;
  const ready = async (act: "write" | "read"): Promise<ByteStore> => {
    opening ??= open(act);
    try {
      return (opened = await opening);
    } finally {
      opening = null;
    }
  };
  // Once it is open, no promise more than the place's own: a small result in a log costs microseconds.
  return {
    ...facts,
    write: (content, where) =>
      opened === null ? ready("write").then((bytes) => bytes.write(content, where)) : opened.write(content, where),
    read: (location) => (opened === null ? ready("read").then((bytes) => bytes.read(location)) : opened.read(location)),
    exists: (location) =>
      opened === null ? ready("read").then((bytes) => bytes.exists(location)) : opened.exists(location),
  };
}

function encode(serializer: Serializer, value: unknown): Content {
  try {
    return { data: serializer.serialize(value), serializer: serializer.name };
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The value cannot be written by the serializer ${serializer.name}: ${reason}`;
    throw new StoreError("RESULT_NOT_SERIALIZABLE", message, { cause });
  }
}

/** What a wrapper builds on. A store of the user's own takes the bytes as a value. */
export function partsOf(store: Store, fallback: Serializer): Parts {
  return PARTS.get(store) ?? { bytes: throughValues(store), serializer: fallback };
}

function throughValues(store: Store): ByteStore {
  return {
    kind: store.kind,
    template: store.template,
    async write(content, where) {
      try {
        return await store.write(new Uint8Array(withLabel(content)), where);
      } catch (error) {
        // It may refuse to replace what is there, and cannot know that it is the same value, encrypted anew.
        const location = where.template === undefined ? undefined : store.locate?.(where);
        if (location === undefined || !(await store.exists(location))) throw error;
        const there = await readLabelled(store, location);
        if (!(await isSame(content, there))) throw error;
        return { location, bytes: sizeOf(there.data), sha256: labelOf(there).sha256 };
      }
    },
    read: async (location) => await readLabelled(store, location),
    exists: async (location) => await store.exists(location),
    ...(store.locate === undefined ? {} : { locate: (where: Where) => store.locate?.(where) ?? refuse(store.kind) }),
  };
}

async function readLabelled(store: Store, location: string): Promise<Content> {
  const value = await store.read(location);
  if (value instanceof Uint8Array && hasLabel(value)) return takeLabel(value, location);
  const message = `Could not read the result ${location}: it was not written through this wrapper. Give the task the store that wrote it.`;
  throw new StoreError("RESULT_READ_FAILED", message);
}

function refuse(kind: string): never {
  throw new StoreError("LOCATION_INVALID", `The store ${kind} cannot say where it would write: it has no \`locate\`.`);
}

/** A result that is in the way of another one. */
export interface Occupant {
  readonly content: Content;
  readonly bytes: number;
  readonly writtenAt: Date | undefined;
}

/**
 * A template gave a location where something lies already. The same result written again is no trouble; another one is never
 * replaced: it may be of another task, or of the successor of a runner that was fenced.
 * @throws StoreError `LOCATION_INVALID`, naming both.
 */
export async function checkSame(content: Content, occupant: Occupant, location: string, where: Where): Promise<void> {
  if (await isSame(content, occupant.content)) return;
  const index = where.mapIndex === undefined ? "" : `, index ${where.mapIndex}`;
  const at = occupant.writtenAt === undefined ? "" : `, written at ${occupant.writtenAt.toISOString()}`;
  throw new StoreError(
    "LOCATION_INVALID",
    `The result of task ${JSON.stringify(where.task)} (number ${where.taskRunNumber}${index}, attempt ${where.attempt}, try ${where.tryNumber}, run ${where.runId}) ` +
      `was not written: its template leads to ${location}, where another result lies (${occupant.bytes} bytes${at}), and that one is not replaced. ` +
      "Make the template give each result a location of its own: {runId}, {taskRunNumber}, {attempt} and {tryNumber} together do.",
  );
}

async function isSame(one: Content, other: Content): Promise<boolean> {
  if (one.isSameAs !== undefined) return await one.isSameAs(other);
  return one.serializer === other.serializer && labelOf(one).sha256 === labelOf(other).sha256;
}
