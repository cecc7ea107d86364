import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again until `check` neither throws nor answers false, and gives its answer. Instead of sleeping.
 * @throws what `check` threw last, when `timeoutMs` (default 10 s) is over.
 * @example await eventually(() => expect(lines).toContain("ready"));
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<Awaited<T>, false>> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const [failure, answer] = await attempt(check);
    if (failure === null && answer !== false) return answer as Exclude<Awaited<T>, false>;
    if (performance.now() > until)
      throw failure ?? new Error(`Not so within ${timeoutMs} ms: ${check.toString().slice(0, 200)}`);
    await sleep(everyMs);
  }
}

async function attempt<T>(check: () => T | Promise<T>): Promise<[Error, null] | [null, Awaited<T>]> {
  try {
    return [null, await check()];
  } catch (error) {
    return [error instanceof Error ? error : new Error(String(error)), null];
  }
}
