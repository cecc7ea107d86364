import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Cloud, withCloud } from "../connection/cloud.ts";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "../runs/checked-id.ts";
import { readRun, readTaskRuns } from "../runs/read-run.ts";
import { bytes } from "../terminal/quantity.ts";
import { clean, cleanDeep } from "../terminal/clean.ts";
import { readByScheme } from "./read-by-scheme.ts";
import { type Content, readWithFlow } from "./read-with-flow.ts";
import { resolvedLocation, unresolved } from "./resolved.ts";
import { taskRunOf, type Written } from "./task-run-of.ts";

interface Options {
  readonly out?: string;
  readonly flow?: string;
  readonly results?: string;
  readonly directory?: string;
  readonly json?: boolean;
}

/** `weir results open RUN TASK` */
export async function open(io: Io, [given = "", task = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const id = checkedId(given);
  const { run, flow } = await withCloud(io, async (cloud) => await wanted(cloud, id, task));
  const resolved = await resolvedLocation(io, run.location, options.directory);
  if (resolved === null && options.flow === undefined) throw unresolved(io, options.directory);
  const location = resolved ?? run.location;
  const content =
    options.flow === undefined
      ? contentOf(await readByScheme(io, location, options.results), await encoder())
      : await readWithFlow(io, { file: options.flow, flow, task: run.task, location });
  if (options.out !== undefined) await writeOut(io, content, options.out);
  if (options.json) printDocument(io, documentOf(id, run, location, content));
  else if (options.out === undefined) line(io, shown(content));
  return EXIT.ok;
}

async function wanted(cloud: Cloud, id: string, task: string): Promise<{ run: Written; flow: string }> {
  const [taskRuns, { flow }] = await Promise.all([readTaskRuns(cloud, id), readRun(cloud, id)]);
  const run = taskRunOf(taskRuns, task);
  if (!run.location.startsWith("[sealed")) return { run, flow: flow.name };
  const note = (await cloud.reader.note()) ?? "";
  throw new CliError(
    EXIT.failed,
    "SEALED",
    `Where the result of task run ${run.number} lies is sealed. ${note}`.trim(),
  );
}

async function encoder(): Promise<(value: unknown) => string> {
  return (await import("@weir/sdk/results")).encodeJson;
}

function contentOf(value: unknown, encode: (value: unknown) => string): Content {
  return value instanceof Uint8Array ? { bytes: value } : { json: encode(value) };
}

async function writeOut(io: Io, content: Content, out: string): Promise<void> {
  const file = resolve(io.cwd, out);
  const data = "bytes" in content ? content.bytes : `${content.json}\n`;
  try {
    // Readable by its owner only: it is a result, and where it came from it was too.
    await writeFile(file, data, { mode: 0o600 });
  } catch (error) {
    throw new CliError(
      EXIT.failed,
      "OUT_FAILED",
      `The result could not be written: ${(error as Error).message}.`,
      error,
    );
  }
  io.err(`${file} has ${bytes(data.length)}.\n`);
}

/** What is printed may be another program's input, but not a terminal's commands. */
function shown(content: Content): string {
  if ("json" in content) return JSON.stringify(cleanDeep(JSON.parse(content.json)), null, 2);
  const text = Buffer.from(content.bytes).toString("utf8");
  if (!text.includes("\uFFFD")) return clean(text);
  return `${bytes(content.bytes.length)} that are no text. Write them to a file: --out FILE.`;
}

function documentOf(flowRunId: string, { task, number }: Written, location: string, content: Content): object {
  const value: unknown =
    "json" in content ? JSON.parse(content.json) : { base64: Buffer.from(content.bytes).toString("base64") };
  return { flowRunId, task, number, location, value };
}
