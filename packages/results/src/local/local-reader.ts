import { open, readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Content } from "../content.ts";
import { truncatedError } from "../label.ts";
import { readError } from "./local-errors.ts";
import { contentOf } from "./local-writer.ts";
import { type Extent, extentOf, type Span } from "./pack.ts";
import { Slots } from "../slots.ts";
import { StoreError } from "../store.ts";

/** Files read at a time. */
const AT_A_TIME = 4;
/** Logs of small results that are kept for the next read: after a restart, the values of one are asked for one after the other. */
const KEPT_LOGS = 4;
/** Larger logs are not kept: of those, each value is read by itself. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** A location, taken apart. */
interface Place {
  readonly path: string;
  readonly extent: Extent | null;
}

function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** At a template's place, every JSON text ends with its line: other texts are no JSON when they are cut off, a number still is. */
function isCutNumber(bytes: Buffer): boolean {
  return /^-?\d/.test(bytes.toString("latin1", 0, 2)) && bytes.at(-1) !== 0x0a;
}

/** Reads what a `LocalWriter` wrote below the same directory, and nothing else: a location comes back from the cloud. */
export class LocalReader {
  readonly #directory: string;
  readonly #slots = new Slots(AT_A_TIME);
  readonly #logs = new Map<string, Promise<Buffer | null>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async read(location: string): Promise<Content> {
    const place = this.#place(location);
    try {
      const bytes = await this.#whole(place);
      if (place.extent === null && isCutNumber(bytes))
        throw truncatedError(place.path, "it is a number without its line's end");
      return contentOf(bytes, place.path);
    } catch (error) {
      throw error instanceof StoreError ? error : readError(place.path, error);
    }
  }

  async exists(location: string): Promise<boolean> {
    const { path, extent } = this.#place(location);
    const truePath = await this.#contained(path);
    if (truePath === null) return false;
    const found = await stat(truePath);
    if (!found.isFile()) return false;
    if (extent === null) return true;
    return extent.offset === null ? found.size === extent.bytes : found.size >= extent.offset + extent.bytes;
  }

  /** @throws StoreError `RESULT_TRUNCATED` when the location says more, or less, than there is. */
  async #whole({ path, extent }: Place): Promise<Buffer> {
    if (extent === null || extent.offset === null) {
      const bytes = await this.#slots.use(() => this.#file(path));
      if (extent !== null && bytes.length !== extent.bytes)
        throw truncatedError(path, `it had ${extent.bytes} bytes and has ${bytes.length}; it was changed or cut off`);
      return bytes;
    }
    const bytes = await this.#bytes(path, extent);
    if (bytes.length < extent.bytes) throw truncatedError(path, "it was cut off; the result would lie behind its end");
    return bytes;
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
      const extent = extentOf(url.hash);
      url.hash = "";
      const path = fileURLToPath(url);
      if (isBelow(this.#directory, path)) return { path, extent };
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
