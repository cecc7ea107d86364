import { setTimeout as sleep } from "node:timers/promises";
import { askedToWaitSeconds, backoff } from "@weir/client";
import type { AgentLog } from "./agent-log.ts";
import { verdictOf } from "./verdict.ts";

const FIRST_WAIT_MS = 500;
/** An outage of an hour costs 240 questions per agent, and after it nobody waits longer than this. */
const LONGEST_WAIT_MS = 15_000;

/** The longest wait that whoever answers may ask for: a proxy that says "next year" is asked again all the same. */
const LONGEST_ASKED_MS = 5 * 60_000;

/** Waits unless the signal comes first; then it just returns. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** Whether the cloud answers, and since when it does not. Tells a person once per outage, not once per try. */
export class Connection {
  readonly #log: AgentLog;
  readonly #now: () => number;
  readonly #random: () => number;
  #lastAnswerAt: number | null = null;
  #failures = 0;
  #silentSince = 0;

  /** @param now monotonic milliseconds */
  constructor(o: { log: AgentLog; now: () => number; random: () => number }) {
    this.#log = o.log;
    this.#now = o.now;
    this.#random = o.random;
  }

  /** Milliseconds since the last good answer; null before the first. */
  get lastAnswerAgoMs(): number | null {
    return this.#lastAnswerAt === null ? null : Math.round(this.#now() - this.#lastAnswerAt);
  }

  answered(): void {
    if (this.#failures > 0) {
      const seconds = Math.round((this.#now() - this.#silentSince) / 1000);
      this.#log.info({ seconds }, `The cloud answers again, after ${seconds} s and ${this.#failures} tries.`);
    }
    this.#failures = 0;
    this.#lastAnswerAt = this.#now();
  }

  /**
   * Takes note of a failed question and says how long to wait, or that the session must be renewed first.
   * @throws AgentError when trying again is no use
   */
  failed(error: unknown): { waitMs: number; enrol: boolean } {
    const verdict = verdictOf(error, this.#lastAnswerAt !== null);
    if (verdict.do === "give-up") throw verdict.because;
    if (verdict.do === "enrol") return { waitMs: 0, enrol: true };
    this.#failures += 1;
    if (this.#failures === 1) {
      this.#silentSince = this.#now();
      const sentence = error instanceof Error ? error.message : String(error);
      this.#log.warn(`${sentence} The agent keeps trying; runs in hand go on meanwhile.`);
    }
    const own = backoff({
      attempt: this.#failures,
      baseMs: FIRST_WAIT_MS,
      maxMs: LONGEST_WAIT_MS,
      random: this.#random(),
    });
    return { waitMs: Math.max(own, Math.min(LONGEST_ASKED_MS, askedToWaitSeconds(error) * 1000)), enrol: false };
  }
}
