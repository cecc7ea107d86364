import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type FlowRegistration, type LocalStorage, type StoredCode, storedPath } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";

type File = StoredCode["files"][number];

const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/**
 * Puts the code of flows into the user's own storage, each file under its SHA-256, and gives the registrations that say so. What is there
 * already stays: the same content has the same name.
 * @param place a directory that the agents see under the same path
 * @throws CliError when the place cannot be written, or a file was changed since it was looked at
 */
export async function storeCode(
  io: Pick<Io, "cwd">,
  place: string,
  flows: readonly FlowRegistration[],
): Promise<FlowRegistration[]> {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(place) ?? [];
  if (scheme !== undefined)
    throw refused(
      place,
      `code is stored in directories only as yet, and ${scheme}: is none. Give one that the agents share`,
    );
  const location = resolve(io.cwd, place);
  const stored: FlowRegistration[] = [];
  for (const flow of flows) {
    const { storage } = flow;
    stored.push(storage.kind === "local" ? { ...flow, storage: await storedOf(location, storage) } : flow);
  }
  return stored;
}

async function storedOf(location: string, { directory, entry, files }: LocalStorage): Promise<StoredCode> {
  const all = await withManifest(directory, files);
  for (const file of all) await put(location, directory, file);
  const codeDigest = sha256(
    all
      .map((file) => `${file.sha256}  ${file.path}\n`)
      .sort()
      .join(""),
  );
  return { kind: "stored", location, entry, codeDigest, files: all };
}

/** The package.json says how Node reads the files beside it ("type", "imports"). No import loads it, so it is not among those that were. */
async function withManifest(directory: string, files: readonly File[]): Promise<File[]> {
  const path = "package.json";
  if (files.some((file) => file.path === path)) return [...files];
  const content = await readFile(join(directory, path)).catch(() => null);
  return content === null ? [...files] : [...files, { path, sha256: sha256(content) }];
}

async function put(location: string, directory: string, { path, sha256: digest }: File): Promise<void> {
  const content = await readFile(join(directory, path));
  if (sha256(content) !== digest) throw refused(location, `${path} was changed meanwhile. Register it again`);
  const target = join(location, storedPath(digest));
  try {
    const there = await readFile(target).catch(() => null);
    if (there !== null && sha256(there) === digest) return;
    await mkdir(dirname(target), { recursive: true });
    await writeWhole(target, content);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refused(
      location,
      `it cannot be written there (${code ?? String(error)}). Give a directory that you can write to`,
      error,
    );
  }
}

/** Renamed into place: an agent that reads at this moment finds the whole file or none. */
async function writeWhole(target: string, content: Uint8Array): Promise<void> {
  const temporary = `${target}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { flag: "wx" });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function refused(place: string, why: string, cause?: unknown): CliError {
  return new CliError(EXIT.usage, "STORE", `The code was not stored in ${place}: ${why}.`, cause);
}
