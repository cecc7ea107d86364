import type { Failure, Json } from "@weir/protocol";
import type { Keyring, SealErrorCode } from "@weir/protocol/seal";
import { isSealedJson, SEALED_TEXT_BEGINNING } from "@weir/protocol/sealed-form";
import { sentenceOf } from "../cloud/refused.ts";

/** Keys of what is sealed in a run, as the cloud hands them out. */
export type SealKeys = readonly { readonly id: string; readonly key: string }[];

/** Why something stays closed. */
export interface Closed {
  /** UNABLE: nothing can be opened on this page, whatever it is. */
  readonly code: SealErrorCode | "UNABLE";
  readonly sentence: string;
  /** With NO_KEY: ids of the keys that open it. */
  readonly kids: readonly string[];
}

/** What may be sealed, as it is seen now. */
export type Opening<T> =
  | { readonly phase: "plain" | "opened"; readonly value: T }
  | { readonly phase: "opening" }
  | { readonly phase: "closed"; readonly closed: Closed };

/** How one kind of thing is opened, and told from another. */
export interface Kind<T> {
  readonly isSealed: (value: T) => boolean;
  readonly nameOf: (value: T) => string;
  readonly open: (keyring: Keyring, value: T) => Promise<T>;
}

export const TEXT: Kind<string> = {
  isSealed: (text) => text.startsWith(SEALED_TEXT_BEGINNING),
  nameOf: (text) => text,
  open: async (keyring, text) => await keyring.openText(text),
};
export const JSON_VALUE: Kind<Json> = {
  isSealed: isSealedJson,
  nameOf: (value) => JSON.stringify(value),
  open: async (keyring, value) => await keyring.openJson(value),
};
export const FAILURE: Kind<Failure> = {
  isSealed: ({ sealed }) => sealed !== undefined,
  nameOf: (failure) => JSON.stringify(failure),
  open: async (keyring, failure) => await keyring.openFailure(failure),
};

/** Characters of what was sealed and what came out, of all that is remembered: about twice as many bytes. */
const MOST_KEPT = 8_000_000;

const OPENING = { phase: "opening" } as const;

let made = 0;

/** Opens what is sealed and remembers what came out, so that a row that is scrolled away and back costs nothing. */
export class Openings {
  /** Tells one keyring's openings from another's. */
  readonly id = ++made;
  readonly #keyring: () => Promise<Keyring>;
  readonly #mostKept: number;
  /** In the order in which they came. */
  readonly #ended = new Map<string, Opening<unknown>>();
  #kept = 0;

  constructor(keyring: () => Promise<Keyring>, mostKept: number = MOST_KEPT) {
    this.#keyring = keyring;
    this.#mostKept = mostKept;
  }

  /** What is known of it without waiting. */
  peek<T>(kind: Kind<T>, value: T): Opening<T> {
    if (!kind.isSealed(value)) return { phase: "plain", value };
    return (this.#ended.get(kind.nameOf(value)) as Opening<T> | undefined) ?? OPENING;
  }

  /** Opens it, unless that was done. What stayed closed is tried again: its key may have come since. */
  async open<T>(kind: Kind<T>, value: T, sealKeys: SealKeys): Promise<void> {
    if (["plain", "opened"].includes(this.peek(kind, value).phase)) return;
    const name = kind.nameOf(value);
    this.#keep(name, await this.#tried(kind, value, sealKeys));
  }

  async #tried<T>(kind: Kind<T>, value: T, sealKeys: SealKeys): Promise<Opening<T>> {
    try {
      const keyring = await this.#keyring();
      keyring.learn(sealKeys);
      return { phase: "opened", value: await kind.open(keyring, value) };
    } catch (error) {
      return { phase: "closed", closed: closedBy(error) };
    }
  }

  #keep(name: string, opening: Opening<unknown>): void {
    if (!this.#ended.delete(name)) this.#kept += 2 * name.length;
    this.#ended.set(name, opening);
    for (const oldest of this.#ended.keys()) {
      if (this.#kept <= this.#mostKept || oldest === name) return;
      this.#ended.delete(oldest);
      this.#kept -= 2 * oldest.length;
    }
  }
}

function closedBy(error: unknown): Closed {
  const { name, code, kids = [] } = Object(error) as Partial<Closed> & { readonly name?: string };
  const sentence = sentenceOf(error);
  return name === "SealError" && code !== undefined ? { code, sentence, kids } : { code: "UNABLE", sentence, kids: [] };
}
