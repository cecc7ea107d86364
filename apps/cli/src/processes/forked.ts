import { type ChildProcess, fork } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { clean } from "../terminal/clean.ts";

/** How a process is started. */
export interface ForkOptions {
  /** For sentences: `cloud`, `agent`. */
  readonly what: string;
  readonly main: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where stdout and stderr go. Null: to those of this process. */
  readonly logFile: string | null;
  /** The message that says that it is up. */
  readonly ready: string;
}

/** Larger logs are put aside at the next start. */
const LOG_BYTES = 10 * 1024 * 1024;
/** What a process gets to end in order, before it is killed. An agent gives leases back meanwhile, a cloud ends its Postgres. */
const STOP_MS = 25_000;

/**
 * A process of ours. It has a channel to us and ends when that breaks, so that nothing stays behind even when we are killed. It
 * stands in a session of its own: Ctrl-C reaches only us, and we end the parts in order.
 */
export class Forked {
  readonly what: string;
  readonly logFile: string | null;
  /** Resolves with a sentence when it ends by itself. */
  readonly ended: Promise<{ readonly sentence: string; readonly exitCode: ExitCode }>;
  readonly #child: ChildProcess;
  readonly #ready: Promise<object>;
  readonly #logFrom: number;
  #failure: { message: string; exitCode: number } | null = null;

  constructor(o: ForkOptions) {
    this.what = o.what;
    this.logFile = o.logFile;
    const output = o.logFile === null ? ("inherit" as const) : openLog(o.logFile);
    this.#logFrom = o.logFile === null ? 0 : statSync(o.logFile).size;
    this.#child = fork(o.main, [], { env: { ...o.env }, stdio: ["ignore", output, output, "ipc"], detached: true });
    if (typeof output === "number") closeSync(output);
    const { promise, resolve } = Promise.withResolvers<object>();
    this.#ready = promise;
    this.#child.on("message", (message) => this.#hear(message as object, o.ready, resolve));
    this.ended = new Promise((done) => {
      this.#child.once("exit", () => done(this.#epitaph()));
      this.#child.once("error", (error) =>
        done({ sentence: `The ${o.what} could not be started: ${error.message}.`, exitCode: EXIT.failed }),
      );
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Its message that it is up. @throws CliError when it ends instead, or `signal` comes first */
  async ready(signal: AbortSignal): Promise<object> {
    const stopped = new Promise<never>((_, failed) => {
      const stop = (): void => failed(signal.reason as Error);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
      void this.ended.then(() => signal.removeEventListener("abort", stop));
    });
    const died = this.ended.then(({ sentence, exitCode }) => {
      throw new CliError(exitCode, "NOT_STARTED", sentence);
    });
    return await Promise.race([this.#ready, died, stopped]);
  }

  /** Ends it: SIGTERM, time to end in order, SIGKILL. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const late = new AbortController();
    const killed = sleep(STOP_MS, undefined, { signal: late.signal }).then(
      () => this.signal("SIGKILL"),
      () => {},
    );
    await this.ended;
    late.abort();
    await killed;
  }

  signal(name: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(name);
  }

  #hear(message: object, ready: string, resolve: (message: object) => void): void {
    const { kind } = message as { kind?: unknown };
    if (kind === ready) resolve(message);
    if (kind === "failed") this.#failure = message as unknown as { message: string; exitCode: number };
  }

  #epitaph(): { sentence: string; exitCode: ExitCode } {
    const { exitCode, signalCode } = this.#child;
    const known = Object.values(EXIT).find((code) => code === this.#failure?.exitCode && code !== EXIT.ok);
    const told = this.#failure?.message ?? this.#lastWords();
    const how = signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`;
    const where = this.logFile === null ? "" : ` Its log: ${this.logFile}`;
    // What it says of itself may begin with its own name already.
    const named = told.startsWith(`The ${this.what}`) ? told : `The ${this.what} ended: ${told}`;
    const sentence = `${told === "" ? `The ${this.what} ended ${how}.` : named}${where}`;
    return { sentence, exitCode: known ?? EXIT.failed };
  }

  /** The last thing that it wrote about an error: a sentence on stderr, or a line of its JSON log. */
  #lastWords(): string {
    if (this.logFile === null || !existsSync(this.logFile)) return "";
    const lines = readFileSync(this.logFile).subarray(this.#logFrom).toString("utf8").trim().split("\n");
    return clean(lines.map(sentenceOf).findLast((sentence) => sentence !== "") ?? "");
  }
}

const ERROR_LEVEL = 50;

function sentenceOf(logLine: string): string {
  if (!logLine.startsWith("{")) return /^\s+at /.test(logLine) ? "" : logLine.trim();
  try {
    const { level, msg } = JSON.parse(logLine) as { level?: unknown; msg?: unknown };
    return Number(level) >= ERROR_LEVEL && typeof msg === "string" ? msg : "";
  } catch {
    return "";
  }
}

/** @throws CliError when the folder of the log cannot be used: then nothing below it can */
function openLog(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.1`);
    return openSync(file, "a", 0o600);
  } catch (error) {
    const message = `The log ${file} cannot be written: ${(error as Error).message}. Make its folder writable, or name another with --directory.`;
    throw new CliError(EXIT.failed, "LOG_FAILED", message, error);
  }
}
