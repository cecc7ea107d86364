import { readFile } from "node:fs/promises";
import type { Json } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";

interface Options {
  readonly file?: string;
  readonly expectedVersion?: number;
  readonly json?: boolean;
}

/** `weir kv set KEY [VALUE]` */
export async function set(io: Io, [key = "", value]: readonly string[], options: Options): Promise<ExitCode> {
  const { expectedVersion, json } = options;
  const read = jsonOrText(await textOf(io, value, options.file));
  const expected = expectedVersion === undefined ? {} : { expectedVersion };
  const { version } = await withCloud(io, (cloud) =>
    cloud.change("SetKv", { input: { key, value: read, ...expected } }),
  );
  if (json) printDocument(io, { key, version });
  else line(io, `${key} is written, version ${version}.`);
  return EXIT.ok;
}

async function textOf(io: Io, value: string | undefined, file: string | undefined): Promise<string> {
  if ((value === undefined) === (file === undefined))
    throw new CliError(
      EXIT.usage,
      "VALUE_MISSING",
      "Give one value: weir kv set KEY VALUE, or weir kv set KEY --file FILE; - is stdin.",
    );
  if (file === undefined) return value ?? "";
  if (file === "-") return await io.input();
  return await readFile(file, "utf8").catch((error: unknown) => {
    throw new CliError(EXIT.usage, "FILE_UNREADABLE", `${file} cannot be read: ${(error as Error).message}`, error);
  });
}

/** What is JSON counts as that, anything else as text, as with parameters. */
function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
