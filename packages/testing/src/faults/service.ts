import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface ServiceSettings {
  readonly name: string;
  /** File that Node runs. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Message that it sends to its parent once it serves. Null: it is taken as ready at once. */
  readonly tells: string | null;
}

/** Longest start-up that an operator would call one, on two cores that ten other processes use. */
const START_MS = 30_000;
/** Longest shut-down after SIGTERM; the agent's grace for flows is configured far below. */
const STOP_MS = 20_000;

/** A process of Weir's that is killed and started again, as an operator's supervisor would. */
export class Service {
  readonly settings: ServiceSettings;
  #process: ChildProcess | undefined;
  #expected = false;
  /** Ends that nobody asked for: no process exits because another one did. */
  readonly unexpectedEnds: string[] = [];

  constructor(settings: ServiceSettings) {
    this.settings = settings;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** @throws Error with the end of its log when it ends before it listens. */
  async start(): Promise<void> {
    const { name, main, env, logFile, tells } = this.settings;
    const log = openSync(logFile, "a");
    const started = spawn(process.execPath, [main], { env, stdio: ["ignore", log, log, "ipc"] });
    closeSync(log);
    this.#process = started;
    this.#expected = false;
    started.once("exit", (code, signal) =>
      this.#ended(started, `${name} ended by itself (${signal ?? `exit code ${code}`})`),
    );
    if (tells !== null) await this.#ready(started);
  }

  /** SIGKILL: no handler runs, nothing is flushed. Resolves when the kernel has reaped it. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL", STOP_MS);
  }

  /** SIGTERM, as an orderly shut-down begins. Answers a sentence when SIGKILL had to follow. */
  async stop(): Promise<string | undefined> {
    if (await this.#end("SIGTERM", STOP_MS)) return undefined;
    await this.kill();
    return `${this.settings.name} did not stop within ${STOP_MS / 1000} s of SIGTERM`;
  }

  /** The end of what it printed. */
  logTail(lines = 20): string {
    return readFileSync(this.settings.logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  }

  #ended(ended: ChildProcess, sentence: string): void {
    if (this.#process === ended) this.#process = undefined;
    if (!this.#expected) this.unexpectedEnds.push(sentence);
  }

  async #ready(started: ChildProcess): Promise<void> {
    const end = new AbortController();
    const outcome = await Promise.race([
      once(started, "message", { signal: end.signal }).then(() => "ready"),
      once(started, "exit", { signal: end.signal }).then(() => "ended"),
      sleep(START_MS, "slow", { signal: end.signal }),
    ]);
    end.abort();
    if (outcome === "ready") return;
    throw new Error(`${this.settings.name} did not get ready (${outcome}). The end of its log:\n${this.logTail()}`);
  }

  async #end(signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
    const ending = this.#process;
    if (ending === undefined) return true;
    this.#expected = true;
    const exit = once(ending, "exit");
    ending.kill(signal);
    const waited = new AbortController();
    const ended = await Promise.race([exit.then(() => true), sleep(withinMs, false, { signal: waited.signal })]);
    waited.abort();
    return ended;
  }
}
