import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, chown, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { type Failure, type FlowStorage, type LocalStorage, type StoredCode, storedPath } from "@weir/protocol";
import { MOST_BYTES, staysBelow } from "./code-check.ts";

type File = StoredCode["files"][number];

/** Files that are fetched at once. */
const AT_ONCE = 16;

const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** Why a file is not to be had: the end of a sentence. */
class FetchProblem extends Error {
  override readonly name = "FetchProblem";
}

/**
 * The code of a run as files of this machine. What lies in the user's storage is fetched: each file is read by its digest, and becomes one
 * of ours only when it is what the digest says. What is here already is not fetched again.
 *
 * It lies in `<codeDirectory>/<digest over all files>/`, so that `import "package"` finds `<codeDirectory>/node_modules`. That digest is
 * counted here and not taken from the cloud: two versions could else be told to share a directory.
 * @param codeDirectory null: this agent takes no code from storage
 * @param group may read it as well, and not change it; null: nobody but the agent's user may
 */
export async function localCode(
  storage: FlowStorage,
  codeDirectory: string | null,
  group: number | null = null,
): Promise<LocalStorage | { readonly failure: Failure }> {
  if (storage.kind === "local") return storage;
  if (codeDirectory === null)
    return unfetched(
      storage,
      "this agent takes no code from storage. Set WEIR_AGENT_CODE_DIRECTORY to a directory whose node_modules have @weir/sdk and what the flow imports",
    );
  const { location, entry, files } = storage;
  if (!isAbsolute(location))
    return unfetched(storage, "its location is no absolute path; agents read code from directories only");
  const outside = files.find(({ path }) => !staysBelow(path));
  if (outside !== undefined) return unfetched(storage, `the path ${outside.path} leaves the directory`);
  const codeDigest = sha256(
    files
      .map((file) => `${file.sha256}  ${file.path}\n`)
      .sort()
      .join(""),
  );
  if (codeDigest !== storage.codeDigest)
    return unfetched(storage, "its digest is not that of its files. Register it again");
  const directory = join(codeDirectory, codeDigest);
  try {
    for (let at = 0; at < files.length; at += AT_ONCE)
      await allOf(files.slice(at, at + AT_ONCE).map((file) => fetched(location, directory, file)));
    if (group !== null) await lend(directory, files, group);
  } catch (error) {
    return unfetched(storage, error instanceof FetchProblem ? error.message : unkept(codeDirectory, error));
  }
  return { kind: "local", directory, entry, codeDigest, files };
}

/** Ends when all have ended, so that nothing is written any more when a failure is told: that of the first in their order, whichever came first. */
async function allOf(fetches: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(fetches)).find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

function unkept(codeDirectory: string, error: unknown): string {
  return `it cannot be kept in ${codeDirectory} (${(error as NodeJS.ErrnoException).code ?? String(error)}). Make the directory of WEIR_AGENT_CODE_DIRECTORY writable for the agent`;
}

async function fetched(location: string, directory: string, file: File): Promise<void> {
  const target = join(directory, file.path);
  const here = await readFile(target).catch(() => null);
  if (here !== null && sha256(here) === file.sha256) return;
  const content = await readStored(location, file);
  await mkdir(dirname(target), { recursive: true });
  // Renamed into place: another run may fetch the same file at this moment, and a process that starts must never see half of one.
  const temporary = `${target}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { flag: "wx", mode: 0o600 });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Lets a group read the files, and enter the directories that they lie in. */
async function lend(directory: string, files: readonly File[], group: number): Promise<void> {
  const folders = new Set([directory]);
  for (const { path } of files)
    for (let at = dirname(path); at !== "."; at = dirname(at)) folders.add(join(directory, at));
  const give = async (path: string, mode: number): Promise<void> => {
    await chown(path, process.getuid?.() ?? -1, group);
    await chmod(path, mode);
  };
  await Promise.all([...folders].map((path) => give(path, 0o750)));
  await Promise.all(files.map(({ path }) => give(join(directory, path), 0o640)));
}

async function readStored(location: string, { path, sha256: digest }: File): Promise<Buffer> {
  const stored = storedPath(digest);
  let content: Buffer;
  try {
    content = await readWhole(join(location, stored));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : "cannot be read";
    throw new FetchProblem(
      `${path} ${why} (${stored}). Register it again with --store, and make sure that the agent can read that place`,
    );
  }
  if (sha256(content) === digest) return content;
  throw new FetchProblem(
    `${path} is not what was registered: ${stored} has another content than its name says. Register it again with --store`,
  );
}

/** The place came from the cloud: what is no file, or larger than any code, is not read. */
async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > MOST_BYTES) throw new TypeError(`${path} is no file of code`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function unfetched({ location, entry }: StoredCode, why: string): { readonly failure: Failure } {
  const message = `The code of the flow (${entry}) was not taken from ${location}: ${why}.`;
  return { failure: { name: "CodeNotFetched", message, code: "FLOW_NOT_LOADED" } };
}
