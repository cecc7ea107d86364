import { Refused } from "../cloud/refused.ts";

/** How long a piece of work goes on. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly pause: (seconds: number) => Promise<void>;
}

const PAUSE_SECONDS = 5;

/**
 * Does something that the cloud may be too busy for, again and again until it takes it.
 * @throws Refused the cloud will not do it, now or later; and what it is too busy for, once somebody has stopped it
 */
export async function patiently<T>(work: () => Promise<T>, { signal, pause }: Patience): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !(error instanceof Refused) || !error.isPassing) throw error;
      await pause(error.retryAfterSeconds ?? PAUSE_SECONDS);
    }
  }
}

/** Waits. */
export const pauseSeconds = (seconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, seconds * 1_000);
  });
