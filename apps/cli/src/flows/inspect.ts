import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import type { Readable } from "node:stream";
import type { FlowRegistration } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { childEnvironment } from "../processes/child-environment.ts";
import { clean } from "../terminal/clean.ts";

/** Loading a file starts no work; one that takes longer does, or waits for something. */
const LOAD_MS = 60_000;
/** A registration is 1 MiB at most; a file may hold several flows. */
const DOCUMENT_BYTES = 16 * 1024 * 1024;
const STDERR_CHARACTERS = 4_000;

type Inspection = { ok: true; flows: readonly FlowRegistration[] } | { ok: false; problem: string };

/** Whether the argument of `weir run` means a file. A flow's name may hold dots, so what exists decides first. */
export function isFlowFile(cwd: string, argument: string): boolean {
  const isThere = statSync(resolve(cwd, argument), { throwIfNoEntry: false })?.isFile() === true;
  return isThere || /\.[cm]?[jt]s$/.test(argument);
}

/**
 * What the flows of a file look like, read by the user's own SDK in a process of its own: user code is never loaded here, where
 * the key is.
 * @throws CliError with exit code 2 and a sentence about the file
 */
export async function inspectFlows(io: Io, argument: string): Promise<readonly FlowRegistration[]> {
  const file = resolve(io.cwd, argument);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw unusable(`There is no file ${file}. Give the path of a flow's file, such as flows/report.flow.ts.`);
  const entry = sdkEntry(file, "@weir/sdk/inspect");
  const inspection = await inspect(io, entry, file);
  if (!inspection.ok) throw unusable(clean(inspection.problem));
  return inspection.flows;
}

/** The user's own copy of the SDK, found from the flow's folder as Node would. */
export function sdkEntry(file: string, name: string): string {
  try {
    return createRequire(file).resolve(name);
  } catch (error) {
    const message = `The SDK cannot be found from ${dirname(file)}. Install it there: npm install @weir/sdk`;
    throw new CliError(EXIT.usage, "SDK_MISSING", message, error);
  }
}

async function inspect(io: Io, entry: string, file: string): Promise<Inspection> {
  const child = spawn(process.execPath, [entry, file], {
    cwd: dirname(file),
    env: childEnvironment(io.env),
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    // A group of its own, so that what the file itself starts ends with it.
    detached: true,
  });
  const timer = setTimeout(() => kill(child), LOAD_MS);
  const stop = (): void => kill(child);
  io.interrupted.addEventListener("abort", stop, { once: true });
  try {
    const [document, stderr] = await Promise.all([
      read(child, 3, DOCUMENT_BYTES),
      read(child, 2, Infinity),
      ended(child),
    ]);
    io.interrupted.throwIfAborted();
    return parsed(document, stderr, { file, signal: child.signalCode, exitCode: child.exitCode });
  } finally {
    clearTimeout(timer);
    io.interrupted.removeEventListener("abort", stop);
    kill(child);
  }
}

function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended, and with it the group.
  }
}

async function ended(child: ChildProcess): Promise<void> {
  await new Promise<void>((done, failed) => child.once("exit", () => done()).once("error", failed));
  // The pipes stay open as long as something that the file started holds them.
  kill(child);
}

async function read(child: ChildProcess, fd: 2 | 3, most: number): Promise<string> {
  let text = "";
  const pipe = child.stdio[fd] as Readable;
  for await (const piece of pipe.setEncoding("utf8")) {
    text += String(piece);
    if (text.length > most) kill(child);
    if (most === Infinity) text = text.slice(-STDERR_CHARACTERS);
  }
  return text;
}

function parsed(
  document: string,
  stderr: string,
  end: { file: string; signal: NodeJS.Signals | null; exitCode: number | null },
): Inspection {
  try {
    const inspection = JSON.parse(document) as Inspection;
    if (inspection.ok ? Array.isArray(inspection.flows) : typeof inspection.problem === "string") return inspection;
  } catch {
    // Told below.
  }
  return { ok: false, problem: `${end.file} could not be loaded: ${howItEnded(end)}.${lastLine(stderr)}` };
}

function howItEnded({ signal, exitCode }: { signal: NodeJS.Signals | null; exitCode: number | null }): string {
  if (signal === "SIGKILL")
    return `it did not finish loading within ${LOAD_MS / 1000} s. Start work inside the flow, not while the file loads`;
  if (signal !== null) return `its process was ended by ${signal}`;
  return `it ended its process with exit code ${exitCode} while it was loaded`;
}

function lastLine(stderr: string): string {
  const lines = stderr
    .trim()
    .split("\n")
    .filter((line) => /Error/.test(line));
  const last = lines.at(-1)?.trim();
  return last === undefined ? "" : ` It wrote: ${last}`;
}

function unusable(sentence: string): CliError {
  return new CliError(EXIT.usage, "FLOW_NOT_LOADED", sentence);
}
