import { type ClaimedRun, type ClaimReply, type ClaimRequest, LIMITS } from "@weir/protocol";
import type { RunnerHost } from "@weir/runner";
import { type Connection, pause } from "./connection.ts";
import { claimProblem } from "./claim-problem.ts";
import type { HeldRuns } from "./held-runs.ts";

/** What the loop stands on. */
export interface ClaimLoopOptions {
  readonly claim: (request: ClaimRequest, signal: AbortSignal) => Promise<ClaimReply>;
  /** Makes a new session. */
  readonly enrol: (signal: AbortSignal) => Promise<unknown>;
  readonly host: Pick<RunnerHost, "run">;
  readonly held: HeldRuns;
  readonly connection: Connection;
  readonly capacity: number;
  readonly labels: readonly string[];
  readonly projects: readonly string[] | null;
  /** 0 to 1. */
  readonly random: () => number;
  /** Monotonic milliseconds: leases are counted from the moment a claim was sent. */
  readonly now: () => number;
}

/** Share of the longest wait that is random, so that agents which were started together do not ask together for ever. */
const WAIT_JITTER = 0.2;
/** An empty answer sooner than this was no long-poll: a cloud or proxy that does not wait must not be asked in a circle. */
const TOO_SOON_MS = 200;

/** Orders of one answer that are heard: one for each of as many runs as an agent may hold. */
const MOST_ORDERS = 10_000;

/** Asks the cloud for runs as long as there is room, and for orders as long as runs are held. */
export class ClaimLoop {
  readonly #o: ClaimLoopOptions;
  readonly #stop = new AbortController();
  #asking: { room: number; abort: AbortController } | null = null;
  #draining = false;

  constructor(o: ClaimLoopOptions) {
    this.#o = o;
  }

  /** Takes no more runs. The loop goes on for orders until none is held. */
  drain(): void {
    this.#draining = true;
    // A claim that the cloud grants in this very moment is lost to us; the run goes to another agent when that lease ends.
    this.#asking?.abort.abort();
  }

  /** Ends the loop at once. */
  stop(): void {
    this.#stop.abort();
    this.drain();
  }

  /**
   * There is more room than a minute ago. A poll without room is asked anew, or the next run would wait for up to 30 s; one that has
   * some is left alone, since aborting it could lose a run that is on its way.
   */
  roomCame(): void {
    if (this.#asking?.room === 0) this.#asking.abort.abort();
  }

  /** @throws AgentError when the cloud no longer accepts this agent */
  async run(): Promise<void> {
    while (!this.#isOver()) await this.tick();
  }

  /** One claim, and what it brings. */
  async tick(): Promise<void> {
    const sentAt = this.#o.now();
    const request = this.#request();
    const reply = await this.#ask(request);
    if (reply === null) return;
    this.#o.connection.answered();
    // A lease cannot have begun before the cloud granted it. Whatever the cloud says, it has begun by now.
    const grantedAt = Math.min(this.#o.now(), sentAt + (reply.waitedSeconds ?? 0) * 1000);
    const taken = this.#take(reply.runs, request.room, grantedAt);
    for (const { runId, order } of reply.orders.slice(0, MOST_ORDERS)) this.#o.held.order(runId, order);
    if (taken === 0 && this.#o.now() - sentAt < TOO_SOON_MS)
      await pause(TOO_SOON_MS * (0.5 + this.#o.random()), this.#stop.signal);
  }

  /** Takes what was asked for, and nothing else: the cloud may be wrong, or another than it was. @returns how many were taken */
  #take(runs: readonly ClaimedRun[], room: number, grantedAt: number): number {
    const { host, held } = this.#o;
    const problems: string[] = [];
    let taken = 0;
    for (const run of runs) {
      const problem = claimProblem(run, { ...this.#o, room: room - taken, heldAttempt: held.attemptOf(run.runId) });
      if (problem !== null) {
        problems.push(problem);
        continue;
      }
      held.add(host.run(run, grantedAt));
      taken += 1;
    }
    held.refused(problems);
    return taken;
  }

  #isOver(): boolean {
    return this.#stop.signal.aborted || (this.#draining && this.#o.held.size === 0);
  }

  /** One question; null when it was given up or failed, and the time to wait is over. */
  async #ask(request: ClaimRequest): Promise<ClaimReply | null> {
    const abort = new AbortController();
    this.#asking = { room: request.room, abort };
    try {
      return await this.#o.claim(request, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) await this.#recover(error);
      return null;
    } finally {
      this.#asking = null;
    }
  }

  #request(): ClaimRequest {
    const { held, capacity, labels, projects, random } = this.#o;
    const room = this.#draining ? 0 : Math.min(LIMITS.runsPerClaim, Math.max(0, capacity - held.size));
    return {
      room,
      waitSeconds: LIMITS.claimWaitSeconds * (1 - WAIT_JITTER * random()),
      labels: [...labels],
      ...(projects === null ? {} : { projects: [...projects] }),
      holding: held.awaitingOrders,
    };
  }

  async #recover(error: unknown): Promise<void> {
    const { waitMs, enrol } = this.#o.connection.failed(error);
    if (enrol) await this.#o.enrol(this.#stop.signal);
    else await pause(waitMs, this.#stop.signal);
  }
}
