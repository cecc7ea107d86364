import type { NamedDigest } from "@weir/protocol";
import type { Store, Where } from "@weir/results";
import { failureOf } from "../failure-of.ts";
import type { CachedResult, ReadyValidator } from "../task/cache-validators.ts";
import type { CacheSettings, TaskSettings } from "../task/task-options.ts";
import type { Cloud } from "./cloud.ts";
import { agreeIn, inputDigests } from "./input-digests.ts";
import { cachedInProcess } from "./process-cache.ts";

/** A result that may be used in the place of running the task. */
export interface CacheHit {
  readonly value: unknown;
  readonly location?: string;
  readonly expiresAt?: number;
  readonly message: string;
}

/** Where a task run looks for results, and what it is made of. */
export interface CacheQuestion {
  readonly flow: string;
  readonly task: string;
  readonly settings: TaskSettings;
  readonly store: Store | null;
  /** Null: a run without a cloud, which shares results with others of its process. */
  readonly cloud: Cloud | null;
  readonly inputs: readonly unknown[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly now: number;
  /** Tells why a result that was found cannot be used. */
  readonly warn: (text: string) => void;
}

/** Tasks of one name, key and validator share results, whatever the flow's version. */
export function cacheKeyOf(flow: string, task: string, { key, validator }: CacheSettings): string {
  return JSON.stringify(key === null ? ["task", flow, task, validator.name] : ["key", key, validator.name]);
}

interface Candidate {
  readonly at: number;
  readonly expiresAt: number | undefined;
  readonly digests: readonly NamedDigest[];
  readonly load: () => Promise<unknown>;
  readonly location?: string;
}

function view(candidate: Candidate, own: readonly NamedDigest[]): CachedResult {
  const { at, expiresAt, digests } = candidate;
  return {
    at: new Date(at),
    expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
    inputsEqual: (index) => agreeIn(index === undefined ? "inputs" : String(index), own, digests),
    parametersEqual: (name) => agreeIn(name === undefined ? "parameters" : `parameter:${name}`, own, digests),
  };
}

async function candidatesOf(
  { cloud, store, now }: CacheQuestion,
  cacheKey: string,
  digests: readonly NamedDigest[],
): Promise<{ own: readonly NamedDigest[]; candidates: Candidate[] }> {
  if (cloud === null) {
    const found = cachedInProcess(cacheKey, now);
    return { own: digests, candidates: found.map((one) => ({ ...one, load: async () => one.value })) };
  }
  if (store === null) return { own: digests, candidates: [] };
  const answer = await cloud.ask("cached", { cacheKey, digests });
  const candidates = answer.states.map(({ at, expiresAt, location, digests: made }) => {
    return { at, expiresAt, location, digests: made, load: () => store.read(location) };
  });
  return { own: answer.digests, candidates };
}

async function isValid(validator: ReadyValidator, cached: CachedResult, warn: CacheQuestion["warn"]): Promise<boolean> {
  try {
    return await validator.decide(cached);
  } catch (error) {
    warn(`The cacheValidator threw, so the cached result is not used: ${failureOf(error).message}`);
    return false;
  }
}

/** What can be said of the inputs, or null: something among them has no digest, so nothing is found by it. */
export function digestsFor({
  settings,
  inputs,
  parameters,
  warn,
}: Pick<CacheQuestion, "settings" | "inputs" | "parameters" | "warn">): NamedDigest[] | null {
  if (settings.cache === null) return null;
  try {
    return inputDigests(settings.cache.validator, inputs, parameters);
  } catch (error) {
    warn(`The inputs cannot be compared with those of cached results: ${failureOf(error).message}`);
    return null;
  }
}

async function findCached(question: CacheQuestion, cache: CacheSettings): Promise<CacheHit | null> {
  const { flow, task, warn } = question;
  const digests = digestsFor(question);
  if (digests === null) return null;
  const { own, candidates } = await candidatesOf(question, cacheKeyOf(flow, task, cache), digests);
  for (const candidate of candidates) {
    if (!(await isValid(cache.validator, view(candidate, own), warn))) continue;
    try {
      const value = await candidate.load();
      const { location, expiresAt, at } = candidate;
      const message = `Not run: its result of ${new Date(at).toISOString()} is still good.`;
      return {
        value,
        message,
        ...(location === undefined ? {} : { location }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      };
    } catch (error) {
      warn(`A cached result cannot be read, so it is not used: ${failureOf(error).message}`);
    }
  }
  return null;
}

/** What lies at the target already. @throws StoreError when that cannot be found out; TypeError for a store without targets. */
async function findTarget(store: Store | null, where: Where): Promise<CacheHit | null> {
  const task = JSON.stringify(where.task);
  if (store === null)
    throw new TypeError(`The task ${task} has a target but no store. Give the task or its flow a \`result\` store.`);
  if (store.locate === undefined)
    throw new TypeError(
      `The task ${task} has a target, but its store (${store.kind}) has no \`locate\`, so it cannot look there.`,
    );
  const location = store.locate(where);
  if (!(await store.exists(location))) return null;
  const value = await store.read(location);
  return { value, location, message: "Not run: its target is there already." };
}

/** Looks for a result that may be used in the place of running the task: at its target if it has one, else in the cache. */
export async function findResult(question: CacheQuestion, where: () => Where): Promise<CacheHit | null> {
  const { settings, store } = question;
  if (settings.target !== null) return await findTarget(store, where());
  return settings.cache === null ? null : await findCached(question, settings.cache);
}
