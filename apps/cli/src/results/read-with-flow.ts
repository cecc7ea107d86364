import { spawn } from "node:child_process";
import { dirname, resolve } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { sdkEntry } from "../flows/inspect.ts";
import type { Io } from "../io.ts";
import { clean } from "../terminal/clean.ts";

/** Which result, and whose store has it. */
export interface WithFlow {
  readonly file: string;
  readonly flow: string;
  readonly task: string;
  readonly location: string;
}

/** A result as it came: bytes, or the JSON of a value. */
export type Content = { readonly bytes: Uint8Array } | { readonly json: string };

/**
 * Reads a result with the store of the flow's own file, in a process of its own: user code is never loaded here, where the key is. That
 * process has the whole environment but Weir's own variables, since the store may take its credentials and keys from there.
 * @throws CliError
 */
export async function readWithFlow(io: Io, wanted: WithFlow): Promise<Content> {
  const file = resolve(io.cwd, wanted.file);
  const entry = sdkEntry(file, "@weir/sdk/read-result");
  const child = spawn(process.execPath, [entry], {
    cwd: dirname(file),
    env: withoutWeir(io.env),
    stdio: ["pipe", "ignore", "pipe", "pipe"],
    signal: io.interrupted,
  });
  const ended = new Promise<void>((done, failed) => child.once("close", () => done()).once("error", failed));
  child.stdin?.end(JSON.stringify({ ...wanted, file }));
  child.stderr?.resume();
  const [told] = await Promise.all([buffer(child.stdio[3] as Readable), ended]);
  return contentOf(told, file);
}

function withoutWeir(env: Io["env"]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("WEIR_")));
}

function contentOf(told: Buffer, file: string): Content {
  const end = told.indexOf("\n");
  const head = headOf(told.toString("utf8", 0, Math.max(0, end)));
  if (head.ok !== true) {
    const problem = head.problem ?? `The process that loaded ${file} ended before it had read the result.`;
    throw new CliError(EXIT.failed, "RESULT_READ_FAILED", clean(problem));
  }
  const content = told.subarray(end + 1);
  return head.bytes === true ? { bytes: content } : { json: content.toString("utf8") };
}

function headOf(text: string): { ok?: boolean; bytes?: boolean; problem?: string } {
  try {
    return JSON.parse(text) as { ok?: boolean };
  } catch {
    return {};
  }
}
