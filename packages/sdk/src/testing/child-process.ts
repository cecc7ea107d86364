import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { KnownTaskRun, RunEvent, StateName } from "@weir/protocol";
import type { AskMessage, DoneMessage, FromChild, StartMessage, ToChild } from "@weir/protocol/ipc";
import { onTestFinished } from "vitest";
import { checkEvents } from "./event-rules.ts";
import { eventually } from "./eventually.ts";

const MAIN = join(import.meta.dirname, "..", "child", "main.ts");
/** Compiled code is kept there from test to test, instead of in the home of whoever runs them. */
const HOME = join(tmpdir(), "weir-test-home");

/** A flow's process, with the test in the place of its runner. */
export class RunnerOfTest {
  readonly process: ChildProcess;
  readonly messages: FromChild[] = [];
  readonly #line: Duplex;
  #rest = "";
  #known: readonly KnownTaskRun[] = [];
  stdout = "";
  stderr = "";

  constructor(nodeArguments: readonly string[] = []) {
    this.process = spawn(process.execPath, [...nodeArguments, MAIN], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], HOME },
    });
    this.#line = this.process.stdio[3] as Duplex;
    this.#line.setEncoding("utf8").on("data", (chunk: string) => this.#heard(chunk));
    // A child that was killed resets the line; its exit tells more.
    this.#line.on("error", () => undefined);
    this.process.stdout?.on("data", (chunk: Buffer) => void (this.stdout += chunk.toString()));
    this.process.stderr?.on("data", (chunk: Buffer) => void (this.stderr += chunk.toString()));
    onTestFinished(() => void this.process.kill("SIGKILL"));
  }

  #heard(chunk: string): void {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.messages.push(JSON.parse(line) as FromChild);
  }

  /** Several go in one piece. */
  send(...messages: ToChild[]): void {
    this.#line.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  }

  /** `together`: what is in the pipe behind the start before the process can read any of it. */
  start(directory: string, over: Partial<StartMessage> = {}, ...together: ToChild[]): this {
    this.#known = over.known ?? [];
    const start: StartMessage = {
      kind: "start",
      runId: "run-1",
      runName: "brave-otter",
      attempt: 1,
      flow: "f",
      flowVersion: 1,
      project: "default",
      directory,
      entry: "flow.ts",
      parameters: {},
      scheduledStartTime: 1_000,
      known: [],
      resultsDirectory: null,
      env: {},
      ...over,
    };
    this.send(start, ...together);
    return this;
  }

  /** Stops reading, as a runner that cannot keep up. */
  stopReading(): void {
    this.#line.pause();
  }

  readOn(): void {
    this.#line.resume();
  }

  /** The agent is gone. */
  hangUp(): void {
    this.#line.destroy();
  }

  /** What it asked so far. */
  get asked(): AskMessage[] {
    return this.messages.filter((message) => message.kind === "ask");
  }

  /** Whether a task run is in a state, as far as it was told. */
  isIn(state: StateName, number = 1): boolean {
    const last = this.events.findLast((event) => event.kind === "task" && event.number === number);
    return last?.kind === "task" && last.state === state;
  }

  get events(): RunEvent[] {
    return this.messages.flatMap((message) => (message.kind === "events" ? message.events : []));
  }

  /** Waits until a message or an event is there. */
  async until(found: (runner: this) => boolean): Promise<void> {
    await eventually(() => {
      if (!found(this))
        throw new Error(`not yet; there is ${JSON.stringify(this.messages).slice(0, 2_000)} ${this.stderr}`);
    });
  }

  async exit(): Promise<number | string | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, "exit");
    return this.process.exitCode ?? this.process.signalCode;
  }

  /** Last messages of the runs that it has finished. */
  get ends(): DoneMessage[] {
    return this.messages.filter((message) => message.kind === "done");
  }

  /** Texts of log lines of the flow itself. */
  get lines(): string[] {
    return this.events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
  }

  /** Waits until the process has ended by itself with the flow unfinished. Gives its last message. */
  async rested(): Promise<FromChild | undefined> {
    if ((await this.exit()) !== 0) throw new Error(`The process did not end by itself. ${this.stderr}`);
    await this.until(({ messages }) => messages.at(-1)?.kind === "done");
    return this.messages.at(-1);
  }

  /** Waits for the end; the events were legal, the last message is `done`. Gives the last event. */
  async finished(): Promise<RunEvent | undefined> {
    const code = await this.exit();
    await this.until(({ messages }) => messages.at(-1)?.kind === "done");
    checkEvents(this.events, this.#known);
    if (code !== 0) throw new Error(`The process ended with ${code}. ${this.stderr}`);
    return this.events.at(-1);
  }
}
