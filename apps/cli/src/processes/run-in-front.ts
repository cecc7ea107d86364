import { type ChildProcess, fork } from "node:child_process";
import type { Readable } from "node:stream";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, printDocument } from "../io.ts";

/** A process that this command stands for: `weir server start`, `weir agent start`, `weir migrate`. */
export interface FrontOptions {
  readonly what: string;
  readonly main: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What it is told by a message, since others can read its arguments and user code its environment. */
  readonly order?: object;
  /** The message that says that it is up; its fields are the document of --json. */
  readonly ready: string | null;
  readonly json: boolean;
  /** Whether its stdout is an answer for our stdout, or a log like its stderr. */
  readonly stdout: "answer" | "log";
  /** Exit codes of the process that are codes of ours too. */
  readonly exits: Readonly<Record<number, ExitCode>>;
}

/**
 * Runs a process in front: its log is shown, our signals are its signals, its end is ours. In a terminal the JSON of the log is made
 * readable; into a pipe or file it goes as it is.
 */
export async function runInFront(io: Io, o: FrontOptions): Promise<ExitCode> {
  const child = fork(o.main, [...(o.args ?? [])], {
    env: { ...o.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  if (o.order !== undefined) child.send(o.order);
  const answer = o.stdout === "answer" && !o.json;
  const shown = [show(answer ? { ...io, err: io.out, interactive: false } : io, child.stdout), show(io, child.stderr)];
  const stop = (): void => void child.kill("SIGTERM");
  io.interrupted.addEventListener("abort", stop, { once: true });
  child.on("message", (message) => {
    const { kind, ...told } = message as { kind: string };
    if (o.json && kind === o.ready) printDocument(io, told);
  });
  try {
    const { code, signal } = await exitOf(child);
    await Promise.all(shown);
    if (code === 0 || (io.interrupted.aborted && signal === "SIGTERM")) return EXIT.ok;
    const exitCode = o.exits[code ?? -1] ?? EXIT.failed;
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    throw new CliError(exitCode, "ENDED", `The ${o.what} ended ${how}; the lines above say why.`);
  } finally {
    io.interrupted.removeEventListener("abort", stop);
  }
}

async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return await new Promise((done, failed) => {
    child.once("exit", (code, signal) => done({ code, signal })).once("error", failed);
  });
}

/** Logs go to stderr: stdout is for what the command is for. */
async function show(io: Io, stream: Readable | null): Promise<void> {
  if (stream === null) return;
  if (!io.interactive) {
    for await (const piece of stream.setEncoding("utf8")) io.err(String(piece));
    return;
  }
  const { default: pretty } = await import("pino-pretty");
  const readable = pretty.prettyFactory({
    colorize: io.paint.isColorSupported,
    ignore: "pid,hostname,name",
    translateTime: "HH:MM:ss",
  });
  let rest = "";
  for await (const piece of stream.setEncoding("utf8")) {
    const lines = (rest + String(piece)).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) io.err(readable(text));
  }
  if (rest !== "") io.err(readable(rest));
}
