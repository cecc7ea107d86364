import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LIMITS } from "@weir/protocol/limits";
import { decodeJson } from "./json-decode.ts";
import { encodeJson } from "./json-encode.ts";
import { readError, writeError } from "./local-errors.ts";
import { resultPath } from "./location.ts";
import { StoreError, type Store, type Where, type Written } from "./store.ts";
import { writeFileWhole } from "./write-file.ts";

function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function outside(directory: string, location: string): StoreError {
  return new StoreError(
    "RESULT_READ_FAILED",
    `The location ${location} is not below the results directory ${directory}, so it is not read. Give the task the store that wrote it.`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** The true path of a location, or null when nothing is there. A location comes back from the cloud: it is not to be trusted. */
async function contained(directory: string, location: string): Promise<string | null> {
  if (!location.startsWith("file:")) throw outside(directory, location);
  let path: string;
  try {
    path = fileURLToPath(location);
  } catch {
    throw outside(directory, location);
  }
  if (!isBelow(directory, path)) throw outside(directory, location);
  try {
    // A symbolic link inside the directory could lead out of it.
    const truePath = await realpath(path);
    if (isBelow(await realpath(directory), truePath)) return truePath;
  } catch (error) {
    if (isMissing(error)) return null;
    throw readError(path, error);
  }
  throw outside(directory, location);
}

async function readLocal(directory: string, location: string): Promise<unknown> {
  const path = await contained(directory, location);
  if (path === null) throw readError(fileURLToPath(location), Object.assign(new Error("missing"), { code: "ENOENT" }));
  try {
    return decodeJson(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw readError(
        path,
        new Error(`it is not the JSON that Weir writes (${error.message}): it was changed or cut off`),
      );
    }
    throw readError(path, error);
  }
}

async function writeLocal(directory: string, value: unknown, where: Where): Promise<Written> {
  const path = join(directory, resultPath(where));
  const location = pathToFileURL(path).href;
  if (location.length > LIMITS.locationLength) {
    throw writeError(
      path,
      new Error(`its location has more than ${LIMITS.locationLength} characters. Choose a shorter directory`),
    );
  }
  const content = Buffer.from(encodeJson(value));
  try {
    return { location, bytes: content.length, sha256: await writeFileWhole(path, content) };
  } catch (error) {
    throw writeError(path, error);
  }
}

/**
 * Results as JSON files below a directory of this machine: `<flow>/<run id>/<task>-<number>[.<map index>]-a<attempt>-t<try>.json`.
 * Files are whole or absent, and readable by this user only. Locations are `file:` URLs; one that leads out of the directory is not read.
 * Locations survive a crash of the process and of the machine; the very last directory entries may not survive a power cut.
 * @param options.directory absolute, or from the working directory of now.
 * @example const clean = task("clean", { result: localStore({ directory: "/data/results" }) }, async (rows: Row[]) => rows.filter(isGood));
 */
export function localStore(options: { readonly directory: string }): Store {
  const directory = resolve(options.directory);
  return {
    kind: "local",
    write: (value, where) => writeLocal(directory, value, where),
    read: (location) => readLocal(directory, location),
    async exists(location) {
      const path = await contained(directory, location);
      return path !== null && (await stat(path)).isFile();
    },
  };
}
