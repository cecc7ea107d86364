import type { FlowEvent, Order } from "@weir/protocol";
import type { DoneMessage, StartMessage, ToChild } from "@weir/protocol/ipc";
import { localStore } from "@weir/results";
import { type FlowRun, realClock } from "../engine/flow-run.ts";
import type { Executor } from "../executors/executor.ts";
import { failureOf } from "../failure-of.ts";
import { runFlow } from "../flow/run-flow.ts";
import { loadFlow } from "../loading/load-flow.ts";
import { keepEarlySecrets } from "../secrets/keep-from-leaving.ts";
import { SDK_VERSION } from "../version.ts";
import { EventBatches } from "./event-batches.ts";
import { ProcessGuard } from "./process-guard.ts";
import { RunnerCloud } from "./runner-cloud.ts";
import { RunnerLine } from "./runner-line.ts";

/** Part of the grace that is kept for telling how the run ended, before the runner kills the process. */
const TELLING_SHARE = 0.2;
const LONGEST_TELLING_MS = 1_000;

const FINISHED: DoneMessage = { kind: "done", outcome: "finished" };

/**
 * One flow run in a process of its own: from `start` to `done`, then the process ends. Where the runner allows it, and the run succeeded and
 * left nothing behind, the process stays for another run of the same flow instead.
 */
class Child {
  readonly #line: RunnerLine;
  readonly #events: EventBatches;
  readonly #cloud: RunnerCloud;
  readonly #guard = new ProcessGuard();
  /** Orders that came before the run began. */
  #early: Order[] = [];
  #run: FlowRun | null = null;
  #cancelGraceMs: number | null = null;
  #isDone = false;
  /** Between two runs. */
  #isIdle = false;
  #mayStay = false;

  constructor() {
    // The agent is gone: nobody reads what this process does, and a later attempt may begin at any moment.
    this.#line = new RunnerLine(() => process.exit(this.#isDone ? 0 : 1));
    this.#events = new EventBatches(this.#line);
    this.#cloud = new RunnerCloud({
      drained: () => this.#events.drained(),
      write: (line) => this.#line.write(line),
    });
    this.#line.onMessage((message) => this.#heard(message));
    // Code of the user's may end the process: what it did until then is told all the same.
    process.on("exit", () => this.#events.flush());
    process.on("uncaughtException", (error) => this.#thrown(error));
    process.on("unhandledRejection", (reason) => this.#thrown(reason));
    this.#line.send({ kind: "ready", sdkVersion: SDK_VERSION });
  }

  #heard(message: ToChild): void {
    if (message.kind === "start") return this.#begin(message);
    // What was sent before the runner knew that the run is over is for that run.
    if (!this.#isIdle) this.#guard.within(() => this.#obey(message));
  }

  #begin(start: StartMessage): void {
    this.#isIdle = false;
    this.#isDone = false;
    this.#mayStay = start.mayStay === true;
    this.#guard.begin(() => void this.#start(start), this.#mayStay);
  }

  #obey(message: Exclude<ToChild, StartMessage>): void {
    switch (message.kind) {
      case "pressure":
        return this.#events.pressure(message.flow);
      case "answer":
        return this.#cloud.answered(message);
      case "order":
        return this.#ordered(message.order);
      case "cancel":
        this.#cancelGraceMs = message.graceMs;
        return this.#cancel();
    }
  }

  #ordered(order: Order): void {
    if (this.#run === null) this.#early.push(order);
    else this.#run.order(order);
  }

  #cancel(): void {
    if (this.#cancelGraceMs === null) return;
    const grace = this.#cancelGraceMs;
    this.#run?.cancel(grace - Math.min(grace * TELLING_SHARE, LONGEST_TELLING_MS));
  }

  async #start(start: StartMessage): Promise<void> {
    try {
      await this.#finish(await this.#execute(start));
    } catch (error) {
      await this.#failBefore(error);
    }
  }

  async #execute(start: StartMessage): Promise<DoneMessage> {
    Object.assign(process.env, start.env);
    this.#cloud.serves(start.questions);
    const definition = await loadFlow(start.directory, start.entry, start.flow);
    this.#guard.loaded();
    const { onLeaseLost, boundary } = definition;
    const wishes = { ...(onLeaseLost && { onLeaseLost }), ...(boundary && { boundary }) };
    this.#line.send({ kind: "loaded", ...wishes });
    const store = start.resultsDirectory === null ? null : localStore({ directory: start.resultsDirectory });
    const { runId, attempt, scheduledStartTime, known } = start;
    const executor = await executorOf(start);
    const told = { sink: this.#events, cloud: this.#cloud, clock: realClock, executor };
    const setup = { runId, attempt, scheduledStartTime, known, store, mayWait: true, ...told };
    const end = await runFlow(definition, setup, start.parameters, (run) => this.#begun(run));
    if (!("rest" in end)) {
      this.#mayStay &&= end.state === "Success";
      return FINISHED;
    }
    if (end.rest === "paused") return { kind: "done", outcome: "paused" };
    return { kind: "done", outcome: "waiting", dueInMs: Math.round(end.dueInMs) };
  }

  #begun(run: FlowRun): void {
    this.#run = run;
    for (const order of this.#early.splice(0)) run.order(order);
    this.#cancel();
  }

  #thrown(error: unknown): void {
    if (!this.#guard.isLate) return this.#crash(error);
    // What is left of an earlier run failed, and this one has nothing to do with it; but no further one is begun beside such things.
    this.#mayStay = false;
    if (this.#isIdle) process.exit(1);
  }

  /** Something was thrown where nobody could catch it: in a timer of the user's code, say. */
  #crash(error: unknown): void {
    this.#mayStay = false;
    if (this.#run === null) void this.#failBefore(error);
    else this.#run.crash(error);
  }

  /** The run failed before the engine had it. */
  async #failBefore(error: unknown): Promise<void> {
    if (this.#isDone) return;
    const event: FlowEvent = { kind: "flow", at: Date.now(), state: "Failed", failure: failureOf(error) };
    this.#mayStay = false;
    keepEarlySecrets(this.#events);
    this.#events.emit(event);
    await this.#finish(FINISHED);
  }

  async #finish(done: DoneMessage): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    await this.#events.drained();
    const isClean = this.#mayStay && done.outcome === "finished" && (await this.#leftNothing());
    // Something may have been thrown meanwhile.
    if (isClean && this.#mayStay) return this.#stay(done);
    await this.#line.finish(done);
    // Pools and servers of the user's code would keep the process.
    process.exit(0);
  }

  async #leftNothing(): Promise<boolean> {
    // What the runner has yet to take of this process's own words would look like something that the run has left going on.
    await this.#line.sent();
    return await this.#guard.leftNothing();
  }

  /** Nothing of the run that is over may reach the next one. */
  #stay(done: DoneMessage): void {
    this.#isIdle = true;
    this.#run = null;
    this.#early = [];
    this.#cancelGraceMs = null;
    this.#guard.end();
    this.#line.send({ ...done, stays: true });
  }
}

/** Loaded only where it is wanted: its threads need a package of their own. */
async function executorOf({ executor }: StartMessage): Promise<Executor | null> {
  return executor === "threads" ? (await import("../executors/index.ts")).threads() : null;
}

/** Takes the line to the runner and waits for what it says. */
export function serve(): Child {
  return new Child();
}
