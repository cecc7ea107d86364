import type { ByteStore, Content } from "../content.ts";
import { StoreError, type StoreFailureCode, type Where, type Written } from "../store.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/** What may be said of a failure without naming a place. */
const SENTENCES: Readonly<Record<StoreFailureCode, string>> = {
  STORAGE_FULL: "the storage is full. Free space there, and restart the run",
  LOCATION_INVALID:
    "its location cannot be used: another result lies there, or it is too long. Make the template give each result a location of its own",
  RESULT_WRITE_FAILED: "the store refused it. Check that it can be reached and written to from this machine",
  RESULT_READ_FAILED: "it is not there, or cannot be read from this machine. Bring it back, or start a new run",
  RESULT_TRUNCATED:
    "it is not what was written: it was cut off, changed or replaced. Bring the whole one back, or start a new run",
  RESULT_MISSING: "it was never written. Start a new run",
  RESULT_NOT_SERIALIZABLE: "its value cannot be written by the store's serializer",
};

/** Bytes in another place, whose locations are told by their pseudonyms only: in errors too, since those cross the line. */
export class PseudonymousBytes implements ByteStore {
  readonly kind: string;
  readonly #inner: ByteStore;
  readonly #pseudonyms: Pseudonyms;
  readonly #onError: (error: unknown) => void;

  constructor(kind: string, inner: ByteStore, pseudonyms: Pseudonyms, onError: (error: unknown) => void) {
    this.kind = kind;
    this.#inner = inner;
    this.#pseudonyms = pseudonyms;
    this.#onError = onError;
  }

  async write(content: Content, where: Where): Promise<Written> {
    const name = `of task ${JSON.stringify(where.task)} (number ${where.taskRunNumber})`;
    return await this.#veiled("write", name, async () => {
      const written = await this.#inner.write(content, where);
      return { ...written, location: await this.#pseudonyms.keep(written.location) };
    });
  }

  async read(pseudonym: string): Promise<Content> {
    return await this.#veiled("read", pseudonym, async () => {
      const location = await this.#pseudonyms.resolve(pseudonym);
      return location === null ? null : await this.#inner.read(location);
    }).then((content) => content ?? unknown(pseudonym));
  }

  async exists(pseudonym: string): Promise<boolean> {
    return await this.#veiled("read", pseudonym, async () => {
      const location = await this.#pseudonyms.resolve(pseudonym);
      if (location === null || !(await this.#inner.exists(location))) return false;
      // A target that something else has put there: from now on a run's history may refer to it, on other machines too.
      await this.#pseudonyms.keep(location);
      return true;
    });
  }

  async #veiled<T>(act: "write" | "read", name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#onError(error);
      const fallback = act === "write" ? "RESULT_WRITE_FAILED" : "RESULT_READ_FAILED";
      const code = error instanceof StoreError ? error.code : fallback;
      throw new StoreError(
        code,
        `Could not ${act} the result ${name}: ${SENTENCES[code]}. (The store's own words are left out, since they name the true location; \`onError\` is told them.)`,
      );
    }
  }
}

function unknown(pseudonym: string): never {
  throw new StoreError(
    "RESULT_READ_FAILED",
    `The location ${pseudonym} is unknown here: the dictionary that says what it stands for is another one, or the key is. Give the store the key and the dictionary it was written with, or start a new run.`,
  );
}
