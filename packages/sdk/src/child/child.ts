import type { FlowEvent } from "@weir/protocol";
import type { StartMessage, ToChild } from "@weir/protocol/ipc";
import { localStore } from "@weir/results";
import { type FlowRun, realClock } from "../engine/flow-run.ts";
import { failureOf } from "../failure-of.ts";
import { runFlow } from "../flow/run-flow.ts";
import { loadFlow } from "../loading/load-flow.ts";
import { SDK_VERSION } from "../version.ts";
import { EventBatches } from "./event-batches.ts";
import { RunnerLine } from "./runner-line.ts";

/** Part of the grace that is kept for telling how the run ended, before the runner kills the process. */
const TELLING_SHARE = 0.2;
const LONGEST_TELLING_MS = 1_000;

/** One flow run in a process of its own: from `start` to `done`, then the process ends. */
class Child {
  readonly #line: RunnerLine;
  readonly #events: EventBatches;
  #run: FlowRun | null = null;
  #cancelGraceMs: number | null = null;
  #isDone = false;

  constructor() {
    // The agent is gone: nobody reads what this process does, and a later attempt may begin at any moment.
    this.#line = new RunnerLine(() => process.exit(this.#isDone ? 0 : 1));
    this.#events = new EventBatches(this.#line);
    this.#line.onMessage((message) => this.#heard(message));
    // Code of the user's may end the process: what it did until then is told all the same.
    process.on("exit", () => this.#events.flush());
    process.on("uncaughtException", (error) => this.#crash(error));
    process.on("unhandledRejection", (reason) => this.#crash(reason));
    this.#line.send({ kind: "ready", sdkVersion: SDK_VERSION });
  }

  #heard(message: ToChild): void {
    if (message.kind === "start") void this.#start(message);
    else if (message.kind === "pressure") this.#events.pressure(message.flow);
    else if (message.kind === "cancel") {
      this.#cancelGraceMs = message.graceMs;
      this.#cancel();
    }
  }

  #cancel(): void {
    if (this.#cancelGraceMs === null) return;
    const grace = this.#cancelGraceMs;
    this.#run?.cancel(grace - Math.min(grace * TELLING_SHARE, LONGEST_TELLING_MS));
  }

  async #start(start: StartMessage): Promise<void> {
    try {
      await this.#execute(start);
      await this.#finish();
    } catch (error) {
      await this.#failBefore(error);
    }
  }

  async #execute(start: StartMessage): Promise<void> {
    Object.assign(process.env, start.env);
    const definition = await loadFlow(start.directory, start.entry, start.flow);
    const store = start.resultsDirectory === null ? null : localStore({ directory: start.resultsDirectory });
    const { runId, attempt, scheduledStartTime, known } = start;
    const setup = { runId, attempt, scheduledStartTime, known, store, sink: this.#events, clock: realClock };
    await runFlow(definition, setup, start.parameters, (run) => {
      this.#run = run;
      this.#cancel();
    });
  }

  /** Something was thrown where nobody could catch it: in a timer of the user's code, say. */
  #crash(error: unknown): void {
    if (this.#run === null) void this.#failBefore(error);
    else this.#run.crash(error);
  }

  /** The run failed before the engine had it. */
  async #failBefore(error: unknown): Promise<void> {
    if (this.#isDone) return;
    const event: FlowEvent = { kind: "flow", at: Date.now(), state: "Failed", failure: failureOf(error) };
    this.#events.emit(event);
    await this.#finish();
  }

  async #finish(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    await this.#events.drained();
    await this.#line.finish({ kind: "done", outcome: "finished" });
    // Pools and servers of the user's code would keep the process.
    process.exit(0);
  }
}

/** Takes the line to the runner and waits for what it says. */
export function serve(): Child {
  return new Child();
}
