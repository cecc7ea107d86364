import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { openNew } from "./write-file.ts";

/** A log that nothing came to for this long is closed: a process may run many flows. */
const IDLE_MS = 2_000;

/**
 * A file that small results of one run are appended to. One append costs about 0.2 ms, nearly all of it the flush to the disk, however
 * many results it holds; a file for each would cost 1.4 ms each. What a crash leaves at its end is referred to by no location.
 */
export class ResultLog {
  readonly path: string;
  readonly #closed: () => void;
  readonly #openFile: (path: string) => Promise<FileHandle>;
  #file: FileHandle | null = null;
  #end = 0;
  #idle: NodeJS.Timeout | null = null;

  /** `closed` is called when it takes nothing more: after a failure, or after a while without appends. */
  constructor(directory: string, attempt: number, closed: () => void, openFile = openNew) {
    this.path = join(directory, `pack-a${attempt}-${randomBytes(8).toString("hex")}.jsonl`);
    this.#closed = closed;
    this.#openFile = openFile;
  }

  /**
   * Appends whole or not at all, one append after the other: flushed to the disk and read back. Answers where it begins.
   * @throws Error when the disk would not take it; nothing is appended to this file any more.
   */
  async append(content: Buffer): Promise<number> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    try {
      this.#file ??= await this.#openFile(this.path);
      await appendVerified(this.#file, content, this.#end);
    } catch (error) {
      await this.#close();
      throw error;
    }
    const began = this.#end;
    this.#end += content.length;
    this.#idle = setTimeout(() => void this.#close(), IDLE_MS).unref();
    return began;
  }

  async #close(): Promise<void> {
    this.#closed();
    await this.#file?.close().catch(() => undefined);
  }
}

async function appendVerified(file: FileHandle, content: Buffer, position: number): Promise<void> {
  const { bytesWritten } = await file.write(content, 0, content.length, position);
  if (constants.O_DSYNC === undefined) await file.datasync();
  const found = Buffer.allocUnsafe(content.length);
  const { bytesRead } = await file.read(found, 0, content.length, position);
  if (bytesWritten === content.length && bytesRead === content.length && found.equals(content)) return;
  throw new Error(
    `of ${content.length} bytes appended, ${bytesWritten} were taken and ${bytesRead} read back, and they differ. The disk may be full or failing`,
  );
}
