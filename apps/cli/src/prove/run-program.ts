import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Runs a program of Node's to its end, or to that of the signal. */
export async function runProgram({ file, args, env, cwd, signal }: Program): Promise<Ended> {
  const child = spawn(process.execPath, [file, ...args], { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
  return await ended(child, signal, [text(child.stdout), text(child.stderr)]);
}

/** The same, with what it prints in a file: a dump may be larger than a string can be. */
export async function runIntoFile({ file, args, env, cwd, signal }: Program, into: string): Promise<Ended> {
  const output = openSync(into, "w", 0o600);
  const child = spawn(process.execPath, [file, ...args], { env, cwd, stdio: ["ignore", output, "pipe"] });
  closeSync(output);
  return await ended(child, signal, [Promise.resolve(""), text(child.stderr)]);
}

async function ended(child: ChildProcess, signal: AbortSignal, texts: readonly Promise<string>[]): Promise<Ended> {
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    signal.throwIfAborted();
    const [out = "", err = ""] = await Promise.all(texts);
    return { code, out, err };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function text(stream: Readable | null): Promise<string> {
  let all = "";
  if (stream !== null) for await (const piece of stream.setEncoding("utf8")) all += String(piece);
  return all;
}
