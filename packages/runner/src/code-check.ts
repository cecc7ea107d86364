import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import type { Failure, LocalStorage } from "@weir/protocol";

/** Files named in a sentence; the rest is counted. */
const NAMED = 5;
/** No module is as large. */
export const MOST_BYTES = 256 * 1024 * 1024;
/** Files read at once. */
const AT_ONCE = 16;

/** Whether a registered path stays below its directory. It came from the cloud, which may be hostile. */
export function staysBelow(path: string): boolean {
  const clean = normalize(path);
  return !isAbsolute(clean) && clean !== ".." && !clean.startsWith(`..${sep}`);
}

async function difference(directory: string, file: { path: string; sha256: string }): Promise<string | null> {
  if (!staysBelow(file.path)) return `${file.path} (leaves the directory)`;
  try {
    const digest = await digestOf(join(directory, file.path));
    if (digest === null) return `${file.path} (not a file of code)`;
    return digest === file.sha256 ? null : `${file.path} (changed)`;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return `${file.path} (${missing ? "missing" : "cannot be read"})`;
  }
}

/**
 * SHA-256 of a file, a piece at a time; null when it is none, or larger than any code. The path came from the cloud: a device such as
 * /dev/zero has no end, and a pipe that nobody writes to would hold a thread of this agent for ever.
 */
async function digestOf(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > MOST_BYTES) return null;
    const hash = createHash("sha256");
    for await (const piece of file.createReadStream({ autoClose: false, end: MOST_BYTES }))
      hash.update(piece as Buffer);
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

/** As the SDK makes it at registration: SHA-256 over the sorted lines. */
function digestOfList(files: LocalStorage["files"]): string {
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).sort();
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/**
 * Compares the code on this machine with what was registered, before any of it is loaded.
 * @returns the failure CODE_CHANGED that names the files; null when all are as they were
 */
export async function codeChanged(storage: LocalStorage): Promise<Failure | null> {
  const differences: string[] = [];
  if (!storage.files.some((file) => file.path === storage.entry))
    differences.push(`${storage.entry} (the entry, not among the registered files)`);
  for (let at = 0; at < storage.files.length; at += AT_ONCE) {
    const some = storage.files.slice(at, at + AT_ONCE).map((file) => difference(storage.directory, file));
    differences.push(...(await Promise.all(some)).filter((found) => found !== null));
  }
  // A child that stayed is known by this digest: one that fits no files would lend it to other code.
  if (differences.length === 0 && digestOfList(storage.files) !== storage.codeDigest)
    differences.push("the list of files (not the one that the registered digest is of)");
  if (differences.length === 0) return null;
  const more = differences.length > NAMED ? `, and ${differences.length - NAMED} more` : "";
  const files = differences.slice(0, NAMED).join(", ") + more;
  const message = `The code in ${storage.directory} is not what was registered: ${files}. Register the flow again, or put the registered files back.`;
  return { name: "CodeChanged", message, code: "CODE_CHANGED" };
}
