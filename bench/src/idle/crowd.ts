import { setTimeout as pause } from "node:timers/promises";
import type { ClaimReply } from "@weir/protocol";
import { Poller, type Server } from "./poller.ts";
import type { IdleAgent } from "./population.ts";

/** What woke an agent. */
export interface Arrival {
  readonly agent: IdleAgent;
  readonly reply: ClaimReply;
  /** By the clock that all processes of the machine share (process.hrtime). Nanoseconds. */
  readonly at: bigint;
}

/** Longer than any poll: whatever is not there by then was lost. */
const LOST_MS = 40_000;
/** So many connect at once, and so long after each other: 1,000 a second. */
const TOGETHER = 100;
const APART_MS = 100;

/** All agents, waiting for work at one server at a time. */
export class Crowd implements Disposable {
  readonly #agents: readonly IdleAgent[];
  readonly #settleMs: number;
  #server: Server | null = null;
  #pollers: Poller[] = [];
  #expecting: ((arrival: Arrival) => void) | null = null;
  #surprise: string | null = null;

  /** @param settleMs how long all must have been there before anything is measured */
  constructor(agents: readonly IdleAgent[], settleMs: number) {
    this.#agents = agents;
    this.#settleMs = settleMs;
  }

  /** Goes to a server, where it is not there already, and resolves when all wait and what that set off is over. */
  async waitAt(server: Server): Promise<void> {
    if (this.#server === server) return;
    this[Symbol.dispose]();
    this.#server = server;
    for (let first = 0; first < this.#agents.length; first += TOGETHER) {
      const some = this.#agents.slice(first, first + TOGETHER);
      const pollers = some.map((agent) => new Poller(agent, server, (...heard) => this.#heard(...heard)));
      this.#pollers.push(...pollers);
      await Promise.all([...pollers.map(async (poller) => await poller.connected()), pause(APART_MS)]);
    }
    await pause(this.#settleMs);
  }

  /** The next agent that is woken. Nobody else may be. Throws when nobody is. */
  async next(): Promise<Arrival> {
    if (this.#surprise !== null) throw new Error(this.#surprise);
    const { promise, resolve, reject } = Promise.withResolvers<Arrival>();
    this.#expecting = resolve;
    const timer = setTimeout(() => reject(new Error("A run was started, and no agent got it.")), LOST_MS);
    return await promise.finally(() => clearTimeout(timer));
  }

  [Symbol.dispose](): void {
    for (const poller of this.#pollers.splice(0)) poller.close();
    this.#server = null;
  }

  #heard(agent: IdleAgent, reply: ClaimReply): void {
    const at = process.hrtime.bigint();
    const expecting = this.#expecting;
    this.#expecting = null;
    if (expecting === null) this.#surprise = `An agent got a run that nobody started: ${JSON.stringify(reply.runs)}`;
    else expecting({ agent, reply, at });
  }
}
