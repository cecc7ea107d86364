import type { DocumentNode } from "./graphql-js.ts";

/** Documents of Weir's own programs and of a customer's: each is a few hundred. */
const MOST = 500;
/** Characters. Longer ones are written by programs that write each anew. */
const LONGEST = 16_384;

/**
 * Parsed documents, so that what is asked again and again is parsed and validated once. Yoga's own cache keeps a thousand of any size for an
 * hour: whoever has a key could fill the cloud's memory with documents of three megabytes that do not even parse.
 */
export class KnownDocuments {
  readonly #documents = new Map<string, DocumentNode>();

  get(text: string): DocumentNode | undefined {
    return this.#documents.get(text);
  }

  set(text: string, document: DocumentNode): void {
    if (text.length > LONGEST) return;
    const [oldest] = this.#documents.keys();
    if (this.#documents.size >= MOST && oldest !== undefined) this.#documents.delete(oldest);
    this.#documents.set(text, document);
  }

  get size(): number {
    return this.#documents.size;
  }
}

/** What does not parse is parsed again: that costs as little as looking it up. */
export const NOTHING_KNOWN = { get: () => undefined, set: () => undefined };
