import {
  type CachedReply,
  type ClaimedRun,
  type Failure,
  FlowStorage,
  isSealedJson,
  isSealedText,
  type Json,
  jsonProblem,
  type KnownTaskRun,
  type KvGetReply,
  LIMITS,
  type OutcomeReply,
  SEALED_JSON,
  type SealedJson,
  type SealKey,
  type WireStorage,
} from "@weir/protocol";
import type { Keyring, PrivateJwk } from "@weir/protocol/seal";
import { Compile } from "typebox/compile";
import { isPseudonym } from "../keyed.ts";
import type { Dictionary } from "../locations/dictionary.ts";
import { type OpenedRun, OpenError } from "../run-scope.ts";
import { loadSeal } from "../sealing/load-seal.ts";
import type { InsideKey } from "../sealing/recipients.ts";
import { plainText, readFailure } from "../treatment/failures.ts";
import { cannotOpen } from "./cannot-open.ts";

const isStorage = Compile(FlowStorage);

/** Opens what comes back of what this side has sealed, or given a pseudonym. */
export class Opener {
  readonly #mine: readonly PrivateJwk[];
  readonly #dictionary: Dictionary | null;

  constructor(insideKeys: readonly InsideKey[], dictionary: Dictionary | null) {
    this.#mine = insideKeys.filter((key): key is PrivateJwk => "d" in key);
    this.#dictionary = dictionary;
  }

  /** @throws OpenError */
  async claimed(claimed: ClaimedRun): Promise<OpenedRun> {
    const { storage, parameters, known, sealKeys } = claimed;
    const isPlain = storage.kind !== "sealed" && !isSealedJson(parameters) && !known.some(isVeiled);
    if (isPlain) return { ...claimed, storage };
    const keyring = await this.#keyring(sealKeys);
    return {
      ...claimed,
      storage: await this.#storage(storage, keyring),
      parameters: await this.#parameters(parameters, keyring),
      known: await this.#known(known, keyring),
    };
  }

  /** Results that cannot be found are as good as none: the task runs. */
  async cached(reply: CachedReply): Promise<CachedReply> {
    if (!reply.states.some(isVeiled)) return reply;
    const keyring = await this.#keyring(reply.sealKeys);
    const opened = await Promise.all(reply.states.map((state) => opensTo(state, keyring)));
    return { ...reply, states: await this.#resolved(opened.flatMap((state) => state ?? [])) };
  }

  /**
   * What cannot be opened stays as it is: that the run failed is known all the same. Whatever came, or was opened, is made a failure of
   * bounded size and depth: the flow that waits for the run may throw it.
   */
  async outcome(reply: OutcomeReply): Promise<OutcomeReply> {
    const { message, failure, sealKeys } = reply;
    if (!isSealedText(message) && failure?.sealed === undefined)
      return failure === undefined ? reply : { ...reply, failure: bounded(failure) };
    const keyring = await this.#keyring(sealKeys);
    const told =
      message === undefined ? undefined : await orAsItIs(message, (text) => keyring.openText(text, "exception"));
    const why =
      failure === undefined
        ? undefined
        : await orAsItIs(failure, (one: Failure) => keyring.openFailure(one, "exception"));
    return {
      ...reply,
      ...(told === undefined ? {} : { message: told }),
      ...(why === undefined ? {} : { failure: bounded(why) }),
    };
  }

  async kv(key: string, reply: KvGetReply): Promise<KvGetReply> {
    const { version, value } = reply;
    const what = `The value of the key ${JSON.stringify(key)}`;
    if (version === 0 || value === undefined) return { version: 0 };
    const opened = isSealedJson(value)
      ? await this.#opened(value, await this.#keyring(), `${what} is`)
      : (value as Json);
    const problem = jsonProblem(opened, "it");
    if (problem === null) return { version, value: opened };
    throw new OpenError(`${what} cannot be taken: ${problem}. Write another.`);
  }

  async #keyring(sealKeys: readonly SealKey[] = []): Promise<Keyring> {
    const { Keyring: Ring } = await loadSeal();
    const keyring = new Ring(this.#mine);
    keyring.learn(sealKeys);
    return keyring;
  }

  async #storage(storage: WireStorage, keyring: Keyring): Promise<FlowStorage> {
    if (storage.kind !== "sealed") return storage;
    const what = "The place of the flow's code is";
    const opened = await orThrow(what, () => keyring.openJson({ [SEALED_JSON]: storage.box as Json }, "config"));
    if (isStorage.Check(opened)) return opened;
    throw new OpenError(
      `${what} sealed, and what was sealed is no storage that this agent knows. Register the flow again with this version of Weir.`,
    );
  }

  async #parameters(parameters: unknown, keyring: Keyring): Promise<unknown> {
    if (!isSealedJson(parameters)) return parameters;
    const opened = await this.#opened(parameters, keyring, "The parameters of this run are");
    const problem = jsonProblem(opened, "what was sealed");
    if (problem === null) return opened;
    throw new OpenError(`The parameters of this run cannot be taken: ${problem}. Start it again with others.`);
  }

  #opened(sealed: SealedJson, keyring: Keyring, what: string): Promise<Json> {
    return orThrow(what, () => keyring.openJson({ [SEALED_JSON]: sealed[SEALED_JSON] as Json }, "parameter"));
  }

  async #known(known: readonly KnownTaskRun[], keyring: Keyring): Promise<KnownTaskRun[]> {
    const opened = known.map(async (run) =>
      isSealedText(run.location) ? { ...run, location: await openedText(run.location, run.number, keyring) } : run,
    );
    return this.#resolved(await Promise.all(opened));
  }

  /** A pseudonym that is not in the dictionary was made by a store of the user's, which knows it. */
  async #resolved<T extends { location?: string }>(places: readonly T[]): Promise<T[]> {
    const names = places.flatMap(({ location = "" }) => (isPseudonym(location) ? [location] : []));
    if (names.length === 0 || this.#dictionary === null) return [...places];
    const found = await this.#dictionary.find(new Set(names));
    return places.map((place) => {
      const location = found.get(place.location ?? "");
      return location === undefined ? place : { ...place, location };
    });
  }
}

function bounded(failure: Failure): Failure {
  const { sealed } = failure;
  const read = readFailure(failure, plainText, LIMITS.sealedFailureLength);
  return sealed === undefined ? read : { ...read, sealed };
}

function isVeiled({ location = "" }: { readonly location?: string }): boolean {
  return isSealedText(location) || isPseudonym(location);
}

function openedText(text: string, number: number, keyring: Keyring): Promise<string> {
  return orThrow(`The location of the result of task run ${number} is`, () => keyring.openText(text, "location"));
}

async function opensTo<T extends { location: string }>(state: T, keyring: Keyring): Promise<T | null> {
  try {
    return { ...state, location: await keyring.openText(state.location, "location") };
  } catch {
    return null;
  }
}

async function orAsItIs<T>(sealed: T, open: (sealed: T) => Promise<T>): Promise<T> {
  try {
    return await open(sealed);
  } catch {
    return sealed;
  }
}

async function orThrow<T>(what: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw cannotOpen(what, error);
  }
}
