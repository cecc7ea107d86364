import { setTimeout as sleep } from "node:timers/promises";
import { askedToWaitSeconds } from "@weir/client";
import { Refusal } from "@weir/protocol";
import type { Io } from "../io.ts";

/** All waits of one question together. Whoever is asked to wait for longer had better be told. */
const MOST_SECONDS = 120;

/**
 * Asks again where the cloud says that too much was asked in a short time, after as long as it says: nothing was done by then. Any other
 * error is the caller's, and so is this one when the wait would be too long.
 * @param wait milliseconds; rejects when the signal comes first
 */
export async function patiently<T>(
  io: Pick<Io, "err" | "paint" | "interrupted">,
  ask: () => Promise<T>,
  wait: (ms: number, signal: AbortSignal) => Promise<unknown> = (ms, signal) => sleep(ms, undefined, { signal }),
): Promise<T> {
  for (let left = MOST_SECONDS; ;) {
    try {
      return await ask();
    } catch (error) {
      const seconds = Math.max(1, Math.ceil(askedToWaitSeconds(error)));
      if (!(error instanceof Refusal) || error.code !== "RATE_LIMITED" || seconds > left) throw error;
      left -= seconds;
      io.err(`${io.paint.dim(`The cloud asks to wait for ${seconds} s.`)}\n`);
      await wait(seconds * 1000, io.interrupted).catch(() => {
        throw error;
      });
    }
  }
}
