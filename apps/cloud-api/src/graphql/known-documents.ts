import type { DocumentNode } from "./graphql-js.ts";

/** Characters of all texts together: some five hundred documents of a page or a program. Parsed, a text takes about sixty times its length. */
const MOST = 256 * 1024;
/** Characters of one. Longer ones are written by programs that write each anew. */
const LONGEST = 16 * 1024;

/**
 * Parsed documents, so that what is asked again and again is parsed and validated once. Yoga's own cache keeps a thousand of any size for an
 * hour: whoever has a key could fill the cloud's memory with documents of three megabytes that do not even parse.
 */
export class KnownDocuments {
  /** The one asked longest ago stands first. */
  readonly #documents = new Map<string, DocumentNode>();
  #characters = 0;

  get(text: string): DocumentNode | undefined {
    const document = this.#documents.get(text);
    if (document !== undefined) {
      this.#documents.delete(text);
      this.#documents.set(text, document);
    }
    return document;
  }

  set(text: string, document: DocumentNode): void {
    if (text.length > LONGEST) return;
    this.#forget(text);
    this.#documents.set(text, document);
    this.#characters += text.length;
    for (const oldest of this.#documents.keys()) {
      if (this.#characters <= MOST) break;
      this.#forget(oldest);
    }
  }

  #forget(text: string): void {
    if (this.#documents.delete(text)) this.#characters -= text.length;
  }
}

/** What does not parse is parsed again: that costs as little as looking it up. */
export const NOTHING_KNOWN = { get: () => undefined, set: () => undefined };
