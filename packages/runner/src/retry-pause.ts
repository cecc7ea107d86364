import { askedToWaitSeconds, backoff } from "@weir/client";

/**
 * Milliseconds until the next try after a failure: back-off, or what the cloud asks for, but never more than the longest back-off:
 * a run in hand cannot wait for minutes.
 */
export function retryPauseMs(
  error: unknown,
  failures: number,
  o: { backoffBaseMs: number; backoffMaxMs: number },
  random: number,
): number {
  const pause = backoff({ attempt: failures, baseMs: o.backoffBaseMs, maxMs: o.backoffMaxMs, random });
  return Math.max(pause, Math.min(o.backoffMaxMs, askedToWaitSeconds(error) * 1_000));
}

/** Waits, but not longer than until `signal` says stop. */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => {};
  await new Promise<void>((done) => {
    stop = done;
    timer = setTimeout(done, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}
