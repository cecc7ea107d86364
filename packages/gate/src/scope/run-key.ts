import { ContentKey } from "../sealing/content-key.ts";
import { loadSeal } from "../sealing/load-seal.ts";
import { type InsideKey, recipientsOf } from "../sealing/recipients.ts";
import type { Policy } from "../policy/policy.ts";

/** The content key of one attempt, made when the first text of it is to be sealed. */
export class RunKey {
  readonly #policy: Policy;
  readonly #insideKeys: readonly InsideKey[];
  #made: Promise<ContentKey | null> | null = null;
  #key: ContentKey | null | undefined;

  constructor(policy: Policy, insideKeys: readonly InsideKey[]) {
    this.#policy = policy;
    this.#insideKeys = insideKeys;
    if (insideKeys.length === 0) this.#key = null;
  }

  /** Null: there can be none. Undefined: there is none yet. */
  get key(): ContentKey | null | undefined {
    return this.#key;
  }

  /** @throws GateError INVALID when the key of a recipient cannot be used */
  async make(): Promise<void> {
    this.#made ??= this.#making();
    this.#key = await this.#made;
  }

  async #making(): Promise<ContentKey | null> {
    const recipients = await recipientsOf(this.#policy, this.#insideKeys);
    if (recipients === null) return null;
    const { makeRunKey } = await loadSeal();
    return new ContentKey(await makeRunKey(recipients));
  }
}
