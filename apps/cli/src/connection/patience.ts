import { setTimeout as sleep } from "node:timers/promises";
import { askedToWaitSeconds, backoff, isRetryable } from "@weir/client";
import { Refusal } from "@weir/protocol";
import type { Io } from "../io.ts";

/** All waits of one question together. Whoever is asked to wait for longer had better be told. */
const MOST_SECONDS = 120;
/**
 * How often a question is sent that may succeed in a moment: a replica restarts, a connection is cut. About two seconds together, since a cloud
 * that is not there at all should be told of soon.
 */
const MOST_TRIES = 5;

/**
 * Asks again where the cloud says that too much was asked in a short time, after as long as it says, and a few times where the same may succeed in
 * a moment. Whether it was done by then is not known: a mutation needs an idempotency key. Any other error is the caller's.
 * @param wait milliseconds; rejects when the signal comes first
 */
export async function patiently<T>(
  io: Pick<Io, "err" | "paint" | "interrupted">,
  ask: () => Promise<T>,
  wait: (ms: number, signal: AbortSignal) => Promise<unknown> = (ms, signal) => sleep(ms, undefined, { signal }),
): Promise<T> {
  for (let left = MOST_SECONDS, tries = 1; ;) {
    try {
      return await ask();
    } catch (error) {
      const isLimit = error instanceof Refusal && error.code === "RATE_LIMITED";
      const asked = Math.max(1, Math.ceil(askedToWaitSeconds(error)));
      if (isLimit ? asked > left : !isRetryable(error) || tries === MOST_TRIES) throw error;
      if (isLimit) {
        left -= asked;
        io.err(`${io.paint.dim(`The cloud asks to wait for ${asked} s.`)}\n`);
      }
      const own = backoff({ attempt: tries, baseMs: 200, maxMs: 2_000, random: Math.random() });
      tries += isLimit ? 0 : 1;
      await wait(isLimit ? asked * 1000 : own, io.interrupted).catch(() => {
        throw error;
      });
    }
  }
}
