import { open, readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeJson } from "./json-decode.ts";
import { readError } from "./local-errors.ts";
import { type Span, spanOf } from "./pack.ts";
import { Slots } from "./slots.ts";
import { StoreError } from "./store.ts";

/** Files read at a time. */
const AT_A_TIME = 4;
/** Logs of small results that are kept for the next read: after a restart, the values of one are asked for one after the other. */
const KEPT_LOGS = 4;
/** Larger logs are not kept: of those, each value is read by itself. */
const KEPT_BYTES = 8 * 1024 * 1024;

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
  readonly #logs = new Map<string, Promise<Buffer | null>>();

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
    const bytes = await this.#bytes(path, span);
    if (bytes.length < span.bytes) throw new Error("it was cut off: the result would lie behind its end");
    return bytes.toString("utf8");
  }

  /** What of a span is there. */
  async #bytes(path: string, { offset, bytes }: Span): Promise<Buffer> {
    const kept = this.#logs.get(path);
    const log = await (kept ?? this.#keep(path));
    // It was read before and has grown since: this process may still be writing to it.
    if (kept !== undefined && log !== null && log.length < offset + bytes) {
      this.#logs.delete(path);
      return await this.#bytes(path, { offset, bytes });
    }
    return log === null
      ? await this.#slots.use(() => this.#part(path, offset, bytes))
      : log.subarray(offset, offset + bytes);
  }

  /** Reads a log to keep it; null when it is too large for that. */
  #keep(path: string): Promise<Buffer | null> {
    const log = this.#slots.use(async () => {
      const { size } = await stat(await this.#present(path));
      return size <= KEPT_BYTES ? await this.#file(path) : null;
    });
    this.#logs.set(path, log);
    // A read that failed is not kept: the disk may be back the next time.
    log.catch(() => this.#logs.delete(path));
    const [oldest] = this.#logs.keys();
    if (this.#logs.size > KEPT_LOGS && oldest !== undefined) this.#logs.delete(oldest);
    return log;
  }

  async #part(path: string, offset: number, bytes: number): Promise<Buffer> {
    const file = await open(await this.#present(path));
    try {
      const part = Buffer.allocUnsafe(bytes);
      const { bytesRead } = await file.read(part, 0, bytes, offset);
      return part.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async #file(path: string): Promise<Buffer> {
    return await readFile(await this.#present(path));
  }

  /** The true path. @throws Error `ENOENT` when nothing is there. */
  async #present(path: string): Promise<string> {
    const truePath = await this.#contained(path);
    if (truePath !== null) return truePath;
    throw Object.assign(new Error("missing"), { code: "ENOENT" });
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
