import { readFile } from "node:fs/promises";
import { frames } from "./context/frame.ts";

/**
 * The value of a secret: of the environment variable of that name, or of the file that `<NAME>_FILE` names. It never crosses the line:
 * from now on the gate strikes it out of everything that leaves.
 * @throws Error saying that neither is set.
 * @example const client = connect({ password: await secret("DB_PASSWORD") });
 */
export async function secret(name: string): Promise<string> {
  const file = process.env[`${name}_FILE`];
  const value = process.env[name] ?? (file === undefined ? undefined : (await readFile(file, "utf8")).trimEnd());
  if (value === undefined) {
    throw new Error(
      `The secret ${name} is not here: set the environment variable ${name}, or ${name}_FILE to a file that holds it, where the flow runs.`,
    );
  }
  frames.getStore()?.facts.redact([value]);
  return value;
}
