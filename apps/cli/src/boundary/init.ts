import { copyFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { POLICY_FILE } from "@weir/gate";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { policyTemplate } from "./template.ts";

interface Options {
  readonly strict?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const SCHEMA = "boundary.schema.json";

/** `weir boundary init` */
export async function init(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { strict = false, force = false } = options;
  const path = join(io.cwd, POLICY_FILE);
  if (!force && statSync(path, { throwIfNoEntry: false }) !== undefined) throw isThere(path);
  const schema = schemaFor(io.cwd);
  write(path, policyTemplate(schema, strict), force);
  if (options.json) printDocument(io, { path, schema, strict });
  else for (const text of news(io, path, strict)) line(io, text);
  return EXIT.ok;
}

function news(io: Io, path: string, strict: boolean): string[] {
  const next = strict
    ? [
        "What it seals can be opened with the inside key. Make one, give it to agents, and hand its public half on:",
        "  weir seal keygen --inside",
        "  weir trust export",
      ]
    : [];
  return [`${path} is written.`, ...next, io.paint.dim("See what it does to a flow: weir boundary check FILE")];
}

/**
 * Where editors find the schema, from the folder of the policy file: in the packages installed there, so that it follows their version;
 * else a copy beside the other things that `weir` keeps.
 */
function schemaFor(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const installed = join(folder, "node_modules", "@weir", "gate", SCHEMA);
    if (statSync(installed, { throwIfNoEntry: false }) !== undefined) return fromHere(cwd, installed);
    if (dirname(folder) === folder) break;
  }
  const copy = join(cwd, ".weir", SCHEMA);
  mkdirSync(dirname(copy), { recursive: true, mode: 0o700 });
  copyFileSync(fileURLToPath(import.meta.resolve(`@weir/gate/${SCHEMA}`)), copy);
  return fromHere(cwd, copy);
}

function fromHere(cwd: string, path: string): string {
  const way = relative(cwd, path).replaceAll(sep, "/");
  return way.startsWith("../") ? way : `./${way}`;
}

function write(path: string, text: string, force: boolean): void {
  try {
    // Between the look and the writing, somebody else may have made one.
    writeFileSync(path, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw isThere(path);
    throw new CliError(EXIT.usage, "NOT_WRITTEN", `${path} cannot be written (${code ?? "unknown reason"}).`, error);
  }
}

function isThere(path: string): CliError {
  const message = `${path} is there already, and what it says is kept. Look at it with \`weir boundary check\`; --force overwrites it.`;
  return new CliError(EXIT.conflict, "POLICY_EXISTS", message);
}
