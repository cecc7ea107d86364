import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

/** A cloud and a key for it, kept under a name. */
export interface Profile {
  readonly url: string;
  readonly key: string;
  /** Of the one who signed in; absent for a key from a file. */
  readonly email?: string;
  readonly tenant?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The profile that is used where nothing else is said. */
export const DEFAULT_PROFILE = "default";
const NAME = /^[\w.-]{1,64}$/;

/** Where profiles lie; null where no home is known. */
function directoryOf(env: Environment): string | null {
  if (env.XDG_CONFIG_HOME) return join(env.XDG_CONFIG_HOME, "weir", "profiles");
  return env.HOME ? join(env.HOME, ".config", "weir", "profiles") : null;
}

/**
 * The file of a profile.
 * @throws CliError for a name that is none, or without a home
 */
export function profileFile(env: Environment, name: string): string {
  if (!NAME.test(name) || name.startsWith("."))
    throw new CliError(
      EXIT.usage,
      "PROFILE",
      `${JSON.stringify(name)} is no name of a profile: letters, digits, . - and _.`,
    );
  const directory = directoryOf(env);
  if (directory !== null) return join(directory, `${name}.json`);
  throw new CliError(
    EXIT.usage,
    "PROFILE",
    "Profiles lie in ~/.config/weir, but HOME is not set. Set it, or XDG_CONFIG_HOME.",
  );
}

/**
 * Reads a profile; null when there is none.
 * @throws CliError for a file that others may read, that somebody else wrote, or that holds no profile
 */
export function readProfile(env: Environment, name: string): Profile | null {
  const file = profileFile(env, name);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const me = process.getuid?.();
  if (me !== undefined && (found.uid !== me || (found.mode & 0o077) !== 0))
    throw new CliError(
      EXIT.auth,
      "PROFILE",
      `${file} is not yours alone, so it is not used. Run \`chmod 600 ${file}\`, or \`weir login\` again.`,
    );
  const { url, key, email, tenant } = parsed(file);
  if (typeof url !== "string" || typeof key !== "string") throw unusable(file);
  return { url, key, ...(typeof email === "string" && { email }), ...(typeof tenant === "string" && { tenant }) };
}

/** Writes a profile, readable by its owner alone, whole or not at all. Answers the file. */
export function writeProfile(env: Environment, name: string, profile: Profile): string {
  const file = profileFile(env, name);
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
  return file;
}

/** Removes a profile. */
export function removeProfile(env: Environment, name: string): void {
  rmSync(profileFile(env, name), { force: true });
}

/** Names of the profiles that there are. */
export function profileNames(env: Environment): string[] {
  const directory = directoryOf(env);
  if (directory === null || statSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .toSorted();
}

function parsed(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch {
    throw unusable(file);
  }
}

const unusable = (file: string) =>
  new CliError(
    EXIT.usage,
    "PROFILE",
    `${file} does not hold { url, key } as \`weir login\` writes it. Run \`weir login\` again.`,
  );
