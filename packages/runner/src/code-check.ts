import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import type { Failure, FlowStorage } from "@weir/protocol";

/** Files named in a sentence; the rest is counted. */
const NAMED = 5;
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
    const content = await readFile(join(directory, file.path));
    const digest = createHash("sha256").update(content).digest("hex");
    return digest === file.sha256 ? null : `${file.path} (changed)`;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return `${file.path} (${missing ? "missing" : "cannot be read"})`;
  }
}

/**
 * Compares the code on this machine with what was registered, before any of it is loaded.
 * @returns the failure CODE_CHANGED that names the files; null when all are as they were
 */
export async function codeChanged(storage: FlowStorage): Promise<Failure | null> {
  const differences: string[] = [];
  if (!storage.files.some((file) => file.path === storage.entry))
    differences.push(`${storage.entry} (the entry, not among the registered files)`);
  for (let at = 0; at < storage.files.length; at += AT_ONCE) {
    const some = storage.files.slice(at, at + AT_ONCE).map((file) => difference(storage.directory, file));
    differences.push(...(await Promise.all(some)).filter((found) => found !== null));
  }
  if (differences.length === 0) return null;
  const more = differences.length > NAMED ? `, and ${differences.length - NAMED} more` : "";
  const files = differences.slice(0, NAMED).join(", ") + more;
  const message = `The code in ${storage.directory} is not what was registered: ${files}. Register the flow again, or put the registered files back.`;
  return { name: "CodeChanged", message, code: "CODE_CHANGED" };
}
