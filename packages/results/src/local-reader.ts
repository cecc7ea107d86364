import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeJson } from "./json-decode.ts";
import { readError } from "./local-errors.ts";
import { type Span, spanOf } from "./pack.ts";
import { Slots } from "./slots.ts";
import { StoreError } from "./store.ts";

/** Files read at a time. */
const AT_A_TIME = 4;
/** Packs that are kept for the next read: after a restart, values of one pack are asked for one after the other. */
const KEPT_PACKS = 4;

/** A location, taken apart. */
interface Place {
  readonly path: string;
  readonly span: Span | null;
}

function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Reads what a `LocalWriter` wrote below the same directory, and nothing else: a location comes back from the cloud. */
export class LocalReader {
  readonly #directory: string;
  readonly #slots = new Slots(AT_A_TIME);
  readonly #packs = new Map<string, Promise<Buffer>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async read(location: string): Promise<unknown> {
    const place = this.#place(location);
    try {
      return decodeJson(await this.#text(place));
    } catch (error) {
      if (error instanceof StoreError) throw error;
      if (!(error instanceof SyntaxError)) throw readError(place.path, error);
      const reason = `it is not the JSON that Weir writes (${error.message}): it was changed or cut off`;
      throw readError(place.path, new Error(reason));
    }
  }

  async exists(location: string): Promise<boolean> {
    const { path, span } = this.#place(location);
    const truePath = await this.#contained(path);
    if (truePath === null) return false;
    const found = await stat(truePath);
    return found.isFile() && found.size >= (span === null ? 0 : span.offset + span.bytes);
  }

  async #text({ path, span }: Place): Promise<string> {
    if (span === null) return (await this.#slots.use(() => this.#file(path))).toString("utf8");
    const pack = await this.#pack(path);
    if (pack.length < span.offset + span.bytes) throw new Error("it was cut off: the result would lie behind its end");
    return pack.toString("utf8", span.offset, span.offset + span.bytes);
  }

  #pack(path: string): Promise<Buffer> {
    const kept = this.#packs.get(path);
    if (kept !== undefined) return kept;
    const pack = this.#slots.use(() => this.#file(path));
    this.#packs.set(path, pack);
    // A read that failed is not kept: the disk may be back the next time.
    pack.catch(() => this.#packs.delete(path));
    const [oldest] = this.#packs.keys();
    if (this.#packs.size > KEPT_PACKS && oldest !== undefined) this.#packs.delete(oldest);
    return pack;
  }

  async #file(path: string): Promise<Buffer> {
    const truePath = await this.#contained(path);
    if (truePath === null) throw Object.assign(new Error("missing"), { code: "ENOENT" });
    return await readFile(truePath);
  }

  #outside(location: string): StoreError {
    return new StoreError(
      "RESULT_READ_FAILED",
      `The location ${location} is not below the results directory ${this.#directory}, so it is not read. Give the task the store that wrote it.`,
    );
  }

  #place(location: string): Place {
    try {
      const url = new URL(location);
      const span = spanOf(url.hash);
      url.hash = "";
      const path = fileURLToPath(url);
      if (isBelow(this.#directory, path)) return { path, span };
    } catch {
      throw this.#outside(location);
    }
    throw this.#outside(location);
  }

  /** The true path, or null when nothing is there. A symbolic link inside the directory could lead out of it. */
  async #contained(path: string): Promise<string | null> {
    try {
      const truePath = await realpath(path);
      if (isBelow(await realpath(this.#directory), truePath)) return truePath;
    } catch (error) {
      if (isMissing(error)) return null;
      throw readError(path, error);
    }
    throw this.#outside(path);
  }
}
