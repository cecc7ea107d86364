import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { PolicyError, readPolicy } from "@weir/gate";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { Database } from "./proof-cloud.ts";

type Place = Pick<Io, "env" | "cwd">;

/** Where the user says that a Postgres is. */
export interface DatabaseOptions {
  readonly databaseUrlFile?: string;
  /** Name of an environment variable. */
  readonly databaseUrlEnv?: string;
}

/** The database of a proof. Neither URL nor password stands in any sentence. @throws CliError with exit code 2 */
export function databaseOf(place: Place, o: DatabaseOptions): Database {
  if (o.databaseUrlFile !== undefined) {
    const file = resolve(place.cwd, o.databaseUrlFile);
    return given(textOf(file), `The file ${file}`);
  }
  if (o.databaseUrlEnv === undefined) return { kind: "embedded" };
  const url = place.env[o.databaseUrlEnv];
  if (!url) throw unusable(`There is no environment variable ${o.databaseUrlEnv}, or it is empty.`);
  return given(url, `The environment variable ${o.databaseUrlEnv}`);
}

function given(text: string, source: string): Database {
  const url = text.trim();
  const { protocol, hostname } = URL.parse(url) ?? {};
  if ((protocol !== "postgres:" && protocol !== "postgresql:") || !hostname)
    throw unusable(`${source} holds no URL of a Postgres; it takes postgresql://user:password@host:5432/name.`);
  return { kind: "given", url };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw unusable(`The file ${file} with the database's URL cannot be read (${reason}).`);
  }
}

function unusable(message: string): CliError {
  return new CliError(EXIT.usage, "DATABASE_INVALID", message);
}

/** Path of the user's own policy file, once it has been read to its end. @throws CliError with exit code 2 */
export async function checkedPolicy({ cwd }: Place, typed: string): Promise<string> {
  const file = resolve(cwd, typed);
  if (!existsSync(file)) {
    const message = `There is no policy file ${file}. Name the one that your agents read; \`weir boundary init\` writes one.`;
    throw new CliError(EXIT.usage, "POLICY_INVALID", message);
  }
  try {
    await readPolicy(file);
    return file;
  } catch (error) {
    if (error instanceof PolicyError) throw new CliError(EXIT.usage, "POLICY_INVALID", error.message, error);
    throw error;
  }
}
