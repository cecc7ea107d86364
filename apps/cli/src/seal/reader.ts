import { findPolicy } from "@weir/gate";
import type { Failure, Json, SealKey } from "@weir/protocol";
import { isSealedJson, SEALED_TEXT_BEGINNING } from "@weir/protocol";
import type { Keyring } from "@weir/protocol/seal";
import type { Io } from "../io.ts";
import { clean, cleanDeep } from "../terminal/clean.ts";

/** Opens what came sealed from the cloud, with the keys of whoever is at this terminal. */
export interface Reader {
  /**
   * What came of one run, with all that is sealed opened. What cannot be opened is marked, and never an error: states and times are there
   * for everybody.
   */
  open<T>(sealKeys: readonly SealKey[], value: T): Promise<T>;
  /** One line about what stayed sealed: for whom it is, and what to do; null when nothing did. */
  note(): Promise<string | null>;
}

const SEALED = "[sealed]";
const DAMAGED = "[sealed, and damaged]";

/** A reader for one command. Keys are read, and JOSE is loaded, when the first sealed thing is met. */
export function createReader(io: Pick<Io, "env" | "cwd">): Reader {
  return new KeyReader(io);
}

class KeyReader implements Reader {
  readonly #io: Pick<Io, "env" | "cwd">;
  readonly #kids = new Set<string>();
  #keyring: Promise<Keyring> | null = null;
  /** Why the keys that are named cannot be used. */
  #problem: string | null = null;
  #damaged = 0;

  constructor(io: Pick<Io, "env" | "cwd">) {
    this.#io = io;
  }

  async open<T>(sealKeys: readonly SealKey[], value: T): Promise<T> {
    if (sealKeys.length > 0) (await this.#keys()).learn(sealKeys);
    return (await this.#opened(value)) as T;
  }

  async note(): Promise<string | null> {
    const damaged = this.#damaged === 0 ? null : damagedNote(this.#damaged);
    if (this.#kids.size === 0) return damaged;
    const { keyIds } = await this.#keys();
    const sealed = `Sealed for ${(await namesOf(this.#io, [...this.#kids])).join(", ")}`;
    return [this.#problem ?? adviceOf(sealed, keyIds), damaged].filter((part) => part !== null).join(" ");
  }

  async #opened(value: unknown): Promise<unknown> {
    if (typeof value === "string") return value.startsWith(SEALED_TEXT_BEGINNING) ? await this.#text(value) : value;
    if (Array.isArray(value)) return await Promise.all(value.map((inner) => this.#opened(inner)));
    if (typeof value !== "object" || value === null) return value;
    if (isSealedJson(value)) return await this.#json(value);
    if (isSealedFailure(value)) return await this.#failure(value);
    const entries = Object.entries(value).map(async ([key, inner]) => [key, await this.#opened(inner)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  async #text(text: string): Promise<string> {
    return await this.#tried(
      async (keyring) => clean(await keyring.openText(text)),
      (mark) => mark,
    );
  }

  async #json(value: object): Promise<unknown> {
    return await this.#tried(
      async (keyring) => cleanDeep(await keyring.openJson(value as Json)),
      (mark) => mark,
    );
  }

  async #failure(failure: Failure): Promise<Failure> {
    const { sealed: _, ...outside } = failure;
    return await this.#tried(
      async (keyring) => cleanDeep(await keyring.openFailure(failure)),
      (mark) => ({ ...outside, message: mark }),
    );
  }

  async #tried<T>(open: (keyring: Keyring) => Promise<T>, marked: (mark: string) => T): Promise<T> {
    try {
      return await open(await this.#keys());
    } catch (error) {
      const { SealError } = await import("@weir/protocol/seal");
      if (!(error instanceof SealError)) throw error;
      for (const kid of error.kids) this.#kids.add(kid);
      if (error.code === "NO_KEY") return marked(SEALED);
      this.#damaged += 1;
      return marked(DAMAGED);
    }
  }

  #keys(): Promise<Keyring> {
    this.#keyring ??= this.#readKeys();
    return this.#keyring;
  }

  async #readKeys(): Promise<Keyring> {
    const [{ Keyring, SealError }, { KeyFileError }, { ownKeys }] = await Promise.all([
      import("@weir/protocol/seal"),
      import("@weir/gate"),
      import("./key-files.ts"),
    ]);
    try {
      return new Keyring(await ownKeys(this.#io));
    } catch (error) {
      if (!(error instanceof SealError || error instanceof KeyFileError)) throw error;
      this.#problem = `What is sealed stays sealed: ${error.message}`;
      return new Keyring([]);
    }
  }
}

function isSealedFailure(value: object): value is Failure {
  const { sealed, name, message } = value as Partial<Failure>;
  return typeof sealed === "string" && typeof name === "string" && typeof message === "string";
}

const damagedNote = (count: number): string =>
  `${count === 1 ? "One sealed thing" : `${count} sealed things`} cannot be opened: changed or cut on the way, or in the cloud.`;

function adviceOf(sealed: string, mine: readonly string[]): string {
  if (mine.length === 0) return `${sealed}; set WEIR_SEAL_KEY_FILE to the private key of one of them.`;
  const keys =
    mine.length === 1 ? `your key ${mine[0]} is none of them` : `your keys ${mine.join(", ")} are none of them`;
  return `${sealed}; ${keys}. Only they can open it: ask one of them. For later runs, put your public key into weir.boundary.yaml (weir seal recipients).`;
}

/** Names of keys, as far as policy file or trust file know them. Neither may keep a run from being shown. */
async function namesOf(io: Pick<Io, "env" | "cwd">, kids: readonly string[]): Promise<string[]> {
  const names = new Map<string, string>();
  try {
    const { readPublicJwk } = await import("@weir/protocol/seal");
    const { findTrust } = await import("../trust/stored-trust.ts");
    const trust = (await findTrust(io))?.trust;
    if (trust !== undefined) names.set(trust.inside.kid, "inside (all agents)");
    const { recipients } = await findPolicy(io.cwd, io.env);
    for (const { name, jwk } of [...(trust?.recipients ?? []), ...recipients])
      names.set((await readPublicJwk(jwk)).kid, clean(name));
  } catch {
    // A file that cannot be used is told by what needs it.
  }
  return kids.map((kid) => (names.has(kid) ? `${names.get(kid)} (${kid})` : clean(kid)));
}
