import { setTimeout as sleep } from "node:timers/promises";

/** Asks until there is an answer, and again after an error: what is asked may be down at this moment. Undefined when time is up. */
export async function askUntil<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  withinMs: number,
  everyMs = 50,
): Promise<T | undefined> {
  const until = performance.now() + withinMs;
  for (;;) {
    const answer = await Promise.resolve()
      .then(ask)
      .catch(() => undefined);
    if (answer !== undefined || performance.now() > until) return answer;
    await sleep(everyMs);
  }
}
