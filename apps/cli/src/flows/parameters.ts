import { readFile } from "node:fs/promises";
import type { Json } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";

/** What was given on the command line. */
export interface GivenParameters {
  /** `-p name=value`, as often as wanted. */
  readonly param?: readonly string[] | undefined;
  /** `--parameters FILE.json`. */
  readonly parameters?: string | undefined;
}

/**
 * The parameters of a run: those of the file, then each `-p` over them. A value that is JSON counts as that, any other as text:
 * `-p top=50` is a number, `-p day=2026-01-31` a text, `-p top='"50"'` a text too. Names and types are the cloud's to check.
 * @throws CliError with exit code 2
 */
export async function readParameters(io: Pick<Io, "input">, given: GivenParameters): Promise<Record<string, Json>> {
  const entries = (given.param ?? []).map(readPair);
  const base = given.parameters === undefined ? {} : await readObject(io, given.parameters);
  // fromEntries makes own properties: one called __proto__ stays a parameter, and the gate refuses it by name.
  return Object.fromEntries([...Object.entries(base), ...entries]);
}

function readPair(text: string): [string, Json] {
  const at = text.indexOf("=");
  if (at <= 0) {
    const message = `-p ${JSON.stringify(text)} is no parameter. Write -p NAME=VALUE, for example -p top=50.`;
    throw new CliError(EXIT.usage, "PARAMETERS_INVALID", message);
  }
  return [text.slice(0, at), readValue(text.slice(at + 1))];
}

function readValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

async function readObject(io: Pick<Io, "input">, file: string): Promise<Record<string, Json>> {
  const where = file === "-" ? "on stdin" : `in ${file}`;
  let value: Json;
  try {
    value = JSON.parse(file === "-" ? await io.input() : await readFile(file, "utf8")) as Json;
  } catch (error) {
    throw unusable(where, `cannot be read: ${(error as Error).message}`, error);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, Json>;
  throw unusable(where, "are no JSON object");
}

function unusable(where: string, why: string, cause?: unknown): CliError {
  const message = `The parameters ${where} ${why}. They are one JSON object, such as { "top": 50 }.`;
  return new CliError(EXIT.usage, "PARAMETERS_INVALID", message, cause);
}
