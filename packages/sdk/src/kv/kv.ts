import type { Answers, Questions } from "@weir/protocol/ipc";
import { LIMITS } from "@weir/protocol/limits";
import type { RefusedError } from "../child/refused-error.ts";
import { frames } from "../context/frame.ts";
import { WeirError } from "../errors.ts";
import { kvJson } from "./kv-json.ts";
import { type KvQuestion, processKv } from "./memory-kv.ts";

/** An entry of the key-value store. */
export interface KvEntry<T = unknown> {
  readonly value: T;
  /** Counts the writes of its key: 1, 2, 3 … */
  readonly version: number;
}

/** How an entry is written or deleted. */
export interface KvWriteOptions {
  /** Only where the entry still has this version; 0: only where there is none. Default: in any case. */
  readonly expectedVersion?: number;
}

/** Somebody else has written the entry since it was read: read it again, then write. */
export class KvConflictError extends WeirError {
  override readonly name = "KvConflictError";
  readonly key: string;

  constructor(key: string, message: string) {
    super("KV_CONFLICT", message);
    this.key = key;
  }
}

/** Small values that outlast a run, and that flows share with each other and with people: marks of how far something came. */
export interface Kv {
  /** The value of a key; undefined where there is none. */
  get<T = unknown>(key: string): Promise<T | undefined>;
  /** The value of a key with its version; undefined where there is none. */
  entry<T = unknown>(key: string): Promise<KvEntry<T> | undefined>;
  /**
   * Writes a value, and gives the version that it has.
   * @param value any JSON of at most 64 KiB
   * @throws KvConflictError where the entry has another version than expected; TypeError and RangeError for a value that cannot be kept
   */
  set(key: string, value: unknown, options?: KvWriteOptions): Promise<number>;
  /** Deletes an entry; false: there was none. @throws KvConflictError where it has another version than expected */
  delete(key: string, options?: KvWriteOptions): Promise<boolean>;
}

async function ask<K extends KvQuestion>(kind: K, question: Questions[K]): Promise<Answers[K]> {
  const frame = frames.getStore();
  if (frame === undefined) return await processKv.ask(kind, question);
  if (frame.facts.askKv !== undefined) return await frame.facts.askKv(kind, question);
  throw new WeirError(
    "EXECUTOR_FAILED",
    `The key ${JSON.stringify(question.key)} cannot be asked for where this task runs: its executor has no way to the key-value store, as a worker of bullmq() has none. Read and write it in the flow, or in a task with another executor, and hand the value over.`,
  );
}

function requireKey(key: string): void {
  // \p{Cs}: half of a surrogate pair.
  if (typeof key === "string" && key.trim() !== "" && key.length <= LIMITS.nameLength && !/\p{Cc}|\p{Cs}/u.test(key))
    return;
  throw new TypeError(
    `${JSON.stringify(key)} is no name for a key: it takes 1 to ${LIMITS.nameLength} characters, and no control characters.`,
  );
}

function requireVersion(expected: number | undefined): void {
  if (expected === undefined || (Number.isInteger(expected) && expected >= 0 && expected <= 2_147_483_647)) return;
  throw new TypeError(`expectedVersion cannot be ${expected}; it takes 0 (there is none yet) or more.`);
}

// By its field: what comes out of a thread is of no class.
const isConflict = (error: unknown): error is Error =>
  error instanceof Error && (error as Partial<RefusedError>).refusal === "CONFLICT";

async function write<K extends "kvSet" | "kvDelete">(kind: K, question: Questions[K]): Promise<Answers[K]> {
  const { key, expectedVersion } = question;
  try {
    return await ask(kind, question);
  } catch (error) {
    throw expectedVersion !== undefined && isConflict(error) ? new KvConflictError(key, error.message) : error;
  }
}

function target(key: string, { expectedVersion }: KvWriteOptions) {
  requireKey(key);
  requireVersion(expectedVersion);
  return expectedVersion === undefined ? { key } : { key, expectedVersion };
}

async function entry<T>(key: string): Promise<KvEntry<T> | undefined> {
  requireKey(key);
  const { version, value } = await ask("kvGet", { key });
  return version === 0 ? undefined : { value: value as T, version };
}

/**
 * The tenant's key-value store, in flows and tasks. Values are of the class `parameter`: the boundary policy sends, seals or refuses them.
 * For a run in memory, and for a task that is called outside of a flow, entries are kept until the process ends.
 * @throws RefusedError with the cloud's sentence, WeirError `EXECUTOR_FAILED` in a worker of `bullmq()`
 * @example
 * const cursor = (await kv.get<number>("orders/cursor")) ?? 0;
 * await kv.set("orders/cursor", await importSince(cursor));
 * @example
 * const { value, version } = (await kv.entry<string[]>("seen")) ?? { value: [], version: 0 };
 * await kv.set("seen", [...value, id], { expectedVersion: version }); // KvConflictError: somebody was faster
 */
export const kv: Kv = {
  get: async <T>(key: string) => (await entry<T>(key))?.value,
  entry,
  set: async (key, value, options = {}) => {
    const number = frames.getStore()?.taskRunNumber;
    const writer = number === undefined ? {} : { number };
    return (await write("kvSet", { ...target(key, options), ...writer, value: kvJson(key, value) })).version;
  },
  delete: async (key, options = {}) => (await write("kvDelete", target(key, options))).deleted,
};
