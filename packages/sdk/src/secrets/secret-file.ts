import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { secretProblem } from "./source.ts";

/** No key or certificate chain is longer; a file that is was named by mistake. */
const LONGEST_SECRET_BYTES = 1024 * 1024;

// A pipe would block without O_NONBLOCK until somebody writes to it.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function hasCode(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

async function opened(path: string, what: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    const code = hasCode(error) ? error.code : "unknown error";
    if (code === "ENOENT") return undefined;
    const remedy = code === "EACCES" ? " Let the user that the flow runs as read it." : "";
    throw secretProblem(`${what} cannot be read from ${path} (${code}).${remedy}`);
  }
}

async function textOf(file: FileHandle, path: string, what: string): Promise<string> {
  const stat = await file.stat();
  if (!stat.isFile()) throw secretProblem(`${what} cannot be read from ${path}: that is no file.`);
  if (stat.size > LONGEST_SECRET_BYTES)
    throw secretProblem(
      `${what} cannot be read from ${path}: it has ${stat.size} bytes; the most is ${LONGEST_SECRET_BYTES}.`,
    );
  return (await file.readFile("utf8")).trimEnd();
}

/**
 * The text of a file without the white space at its end, which editors and `echo` put there; undefined when there is no such file.
 * @param what begins the sentence of an error: `The secret DB_PASSWORD`
 */
export async function readSecretFile(path: string, what: string): Promise<string | undefined> {
  const file = await opened(path, what);
  try {
    return file === undefined ? undefined : await textOf(file, path, what);
  } finally {
    await file?.close();
  }
}
