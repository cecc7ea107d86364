import { setTimeout as sleep } from "node:timers/promises";
import { askedToWaitSeconds, backoff, isRetryable } from "@weir/client";
import { Refusal } from "@weir/protocol";
import type { Io } from "../io.ts";

/** All waits of one question together. Whoever is asked to wait for longer had better be told. */
const MOST_SECONDS = 120;

/**
 * How often a question is sent that may succeed later: a replica restarts, a connection is cut. About two seconds together, since a cloud that is
 * not there at all should be told of soon.
 */
const MOST_TRIES = 5;

/**
 * Asks again where the cloud says that too much was asked in a short time, after as long as it says, and a few times where the
 * same may succeed in a moment. Whether it was done by then is not known: a mutation needs an idempotency key. Any other error is the caller's.
 * @param wait milliseconds; rejects when the signal comes first
 */
export async function patiently<T>(
  io: Pick<Io, "err" | "paint" | "interrupted">,
  ask: () => Promise<T>,
  wait: (ms: number, signal: AbortSignal) => Promise<unknown> = (ms, signal) => sleep(ms, undefined, { signal }),
): Promise<T> {
  const waited = (error: unknown, ms: number) =>
    wait(ms, io.interrupted).catch(() => {
      throw error;
    });
  for (let left = MOST_SECONDS, tries = 1; ;) {
    try {
      return await ask();
    } catch (error) {
      if (isRetryable(error) && !isRateLimit(error) && tries < MOST_TRIES && !io.interrupted.aborted) {
        const own = backoff({ attempt: tries, baseMs: 200, maxMs: 2_000, random: Math.random() });
        tries += 1;
        await waited(error, Math.max(own, Math.min(2, askedToWaitSeconds(error)) * 1000));
        continue;
      }
      const seconds = Math.max(1, Math.ceil(askedToWaitSeconds(error)));
      if (!isRateLimit(error) || seconds > left) throw error;
      left -= seconds;
      io.err(`${io.paint.dim(`The cloud asks to wait for ${seconds} s.`)}\n`);
      await waited(error, seconds * 1000);
    }
  }
}

function isRateLimit(error: unknown): boolean {
  return error instanceof Refusal && error.code === "RATE_LIMITED";
}
