import { createHash, hash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, link, mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";

const CHUNK_BYTES = 1024 * 1024;

/** Writing returns when the disk has it: one round to the disk instead of two, where the system can. */
const FLUSHED = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_DSYNC ?? 0);

/** Reads a file from its start in pieces, so that a large result is not held twice. */
async function digest(file: FileHandle, expectedBytes: number): Promise<{ bytes: number; sha256: string }> {
  const sum = createHash("sha256");
  // One byte more than expected, so that a file that is too long is noticed too.
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, expectedBytes + 1));
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, bytes);
    sum.update(chunk.subarray(0, bytesRead));
    bytes += bytesRead;
    // A regular file gives less than was asked for only at its end.
    if (bytesRead < chunk.length) return { bytes, sha256: sum.digest("hex") };
  }
}

/** Opens a new file for this user alone, and makes the directories above it. */
export async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, FLUSHED, 0o600);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return await open(path, FLUSHED, 0o600);
  }
}

async function writeVerified(file: FileHandle, content: Buffer): Promise<string> {
  try {
    await file.writeFile(content);
    if (constants.O_DSYNC === undefined) await file.sync();
    const found = await digest(file, content.length);
    if (found.bytes === content.length && found.sha256 === hash("sha256", content)) return found.sha256;
    throw new Error(
      `of ${content.length} bytes written, ${found.bytes} were read back and they differ. The disk may be failing`,
    );
  } finally {
    await file.close();
  }
}

class TakenError extends Error {}

/** Whether a file was not written because there is one of that name. */
export function isTaken(error: unknown): boolean {
  return error instanceof TakenError;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** What file systems say that have no hard links: FAT, and some that are mounted over a network. */
const NO_LINKS = new Set<unknown>(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

// `rename` replaces without asking; `link` is refused when the name is taken, in one step, whoever else is about to do the same.
async function publishNew(temporary: string, path: string, linkFile: typeof link): Promise<void> {
  try {
    await linkFile(temporary, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw new TakenError(path);
    if (!NO_LINKS.has(codeOf(error))) throw error;
    // A window of microseconds stays open here: such file systems have nothing better.
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      throw new TakenError(path);
    return await rename(temporary, path);
  }
  await rm(temporary);
}

interface Publishing {
  /** A file that has the name already is not replaced, and the error `isTaken`. */
  readonly isNew?: boolean;
  /** For disks that lie. */
  readonly openFile?: typeof openNew;
  /** For file systems without links. */
  readonly linkFile?: typeof link;
}

/**
 * Writes a file whole or not at all: a temporary file beside it, flushed to the disk, read back, renamed.
 * Nobody but this user can read it. Gives the SHA-256 of what was read back.
 */
export async function writeFileWhole(path: string, content: Buffer, how: Publishing = {}): Promise<string> {
  const { isNew = false, openFile = openNew, linkFile = link } = how;
  const temporary = join(dirname(path), `.${randomBytes(8).toString("hex")}.tmp`);
  try {
    const sha256 = await writeVerified(await openFile(temporary), content);
    await (isNew ? publishNew(temporary, path, linkFile) : rename(temporary, path));
    return sha256;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
