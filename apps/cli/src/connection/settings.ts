import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { DEFAULT_PROFILE, profileFile, readProfile } from "../login/profile-files.ts";

/** Which cloud is meant, with which key, and who said so. */
export interface ConnectionSettings {
  readonly url: string;
  readonly key: string;
  /** For sentences: `WEIR_API_URL and WEIR_API_KEY_FILE`, or the path of a keys.json. */
  readonly source: string;
}

/** What embedded mode wrote. */
export interface KeysFile {
  readonly path: string;
  readonly url: string;
  readonly userKey: string;
  readonly agentKey: string;
}

export const DEFAULT_URL = "http://127.0.0.1:4680";
const KEYS_FILE = join(".weir", "keys.json");

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where URL and key come from: the profile that WEIR_PROFILE names, the environment, the nearest `.weir/keys.json` of this folder and those above
 * it, or the profile `default`.
 * @throws CliError with exit code 3 when there is no key, 2 when what is given cannot be used
 */
export function readSettings(env: Environment, cwd: string): ConnectionSettings {
  if (env.WEIR_PROFILE) return ofProfile(env, env.WEIR_PROFILE) ?? refuseProfile(env.WEIR_PROFILE);
  const given = keyOfEnvironment(env);
  if (given !== null) return { url: env.WEIR_API_URL || DEFAULT_URL, ...given };
  if (env.WEIR_API_URL) throw noKey(`WEIR_API_URL is set to ${env.WEIR_API_URL}, but no key is.`);
  const keys = findKeysFile(cwd);
  if (keys !== null) return { url: keys.url, key: keys.userKey, source: keys.path };
  const kept = env.HOME || env.XDG_CONFIG_HOME ? ofProfile(env, DEFAULT_PROFILE) : null;
  if (kept !== null) return kept;
  throw noKey(`No cloud is set up here: there is no ${KEYS_FILE} in ${cwd} or above it, and WEIR_API_KEY is not set.`);
}

function ofProfile(env: Environment, name: string): ConnectionSettings | null {
  const profile = readProfile(env, name);
  return profile === null ? null : { url: profile.url, key: profile.key, source: profileFile(env, name) };
}

function refuseProfile(name: string): never {
  throw noKey(`There is no profile ${name}; \`weir profiles\` lists them, \`weir login --profile ${name}\` makes it.`);
}

function noKey(what: string): CliError {
  const advice =
    "Start a cloud of your own with `weir dev`, sign in with `weir login`, or set WEIR_API_URL and WEIR_API_KEY_FILE (a file that holds a key of scope user).";
  return new CliError(EXIT.auth, "NO_KEY", `${what} ${advice}`);
}

function keyOfEnvironment(env: Environment): { key: string; source: string } | null {
  const url = env.WEIR_API_URL ? "WEIR_API_URL" : `the default URL ${DEFAULT_URL}`;
  if (env.WEIR_API_KEY_FILE)
    return { key: readKey(env.WEIR_API_KEY_FILE), source: `${url} and WEIR_API_KEY_FILE (${env.WEIR_API_KEY_FILE})` };
  if (env.WEIR_API_KEY) return { key: checkedKey(env.WEIR_API_KEY, "WEIR_API_KEY"), source: `${url} and WEIR_API_KEY` };
  return null;
}

function readKey(file: string): string {
  const text = readText(file, "WEIR_API_KEY_FILE");
  if (!text.trimStart().startsWith("{")) return checkedKey(text, `the file ${file} of WEIR_API_KEY_FILE`);
  return readKeysFile(file)?.userKey ?? "";
}

/** A header can hold nothing else, and the sentence must not repeat what was given. */
function checkedKey(text: string, where: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new CliError(
    EXIT.auth,
    "NO_KEY",
    `The key in ${where} ${key === "" ? "is empty" : "holds characters that no key has"}. Put a key of scope user there, or unset it to use the nearest ${KEYS_FILE}.`,
  );
}

/** The nearest `.weir/keys.json`, from a folder upward; null when there is none. */
export function findKeysFile(cwd: string): KeysFile | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const keys = readKeysFile(join(folder, KEYS_FILE));
    if (keys !== null || dirname(folder) === folder) return keys;
  }
}

/** @throws CliError when the file is there but cannot be used or trusted */
export function readKeysFile(path: string): KeysFile | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  // As git does for a repository: a keys.json that somebody else left in /tmp would send your parameters to a cloud of theirs.
  const me = process.getuid?.();
  if (me !== undefined && found.uid !== me && found.uid !== 0)
    throw new CliError(
      EXIT.auth,
      "KEYS_FILE",
      `${path} belongs to another user, so it is not used. Set WEIR_API_URL and WEIR_API_KEY_FILE instead.`,
    );
  const { url, userKey, agentKey } = parsed(path);
  if (typeof url === "string" && typeof userKey === "string" && typeof agentKey === "string")
    return { path, url, userKey, agentKey };
  throw unusable(path);
}

function parsed(path: string): { url?: unknown; userKey?: unknown; agentKey?: unknown } {
  try {
    return JSON.parse(readText(path, "the keys file")) as object;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw unusable(path);
  }
}

function unusable(path: string): CliError {
  return new CliError(
    EXIT.usage,
    "KEYS_FILE",
    `${path} does not hold { url, userKey, agentKey } as a cloud of embedded mode writes it. Remove it and start \`weir dev\`, which writes it anew.`,
  );
}

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "";
    throw new CliError(EXIT.usage, "KEYS_FILE", `${what} names ${file}, which cannot be read (${reason}).`, error);
  }
}
