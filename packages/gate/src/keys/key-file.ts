import { readFileSync, statSync } from "node:fs";

/** A key file that cannot be used. The message is a sentence for people and holds nothing of the key. */
export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
}

const OTHERS = 0o077;

/**
 * Reads a file that holds a private key: nobody but its owner may read it.
 * @param variable who named the file, for the sentence: `WEIR_AGENT_SEAL_KEY_FILE`
 * @throws KeyFileError
 */
export function readSecretFile(file: string, variable: string): string {
  try {
    const { mode, uid } = statSync(file);
    if ((mode & OTHERS) !== 0)
      throw new KeyFileError(
        `${variable} names ${file}, which others than its owner may read. Take their permission away: chmod 600 ${JSON.stringify(file)}.`,
      );
    const me = process.getuid?.();
    if (me !== undefined && uid !== me && me !== 0)
      throw new KeyFileError(`${variable} names ${file}, which belongs to another user. Use a key file of your own.`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof KeyFileError) throw error;
    throw new KeyFileError(
      `${variable} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"}).`,
    );
  }
}

/**
 * Private keys of a file in JWK form: one key, or `{"keys": […]}` with the newest first, after a rotation.
 * @throws KeyFileError
 */
export function readJwkFile(file: string, variable: string): readonly Readonly<Record<string, unknown>>[] {
  const keys = keysOf(parsed(readSecretFile(file, variable)));
  if (keys.length > 0 && keys.every((key) => typeof key === "object" && key !== null))
    return keys as Readonly<Record<string, unknown>>[];
  throw new KeyFileError(
    `${variable} names ${file}, which is no key in JWK form. \`weir seal keygen\` and \`weir sign keygen\` make such files.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message would quote the file.
    return null;
  }
}

function keysOf(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const { keys } = value as { keys?: unknown };
  if (keys === undefined) return [value];
  return Array.isArray(keys) ? keys : [];
}
