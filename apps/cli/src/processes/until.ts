/** Resolves when the signal comes. */
export async function until(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // The timer keeps the process alive: a listener alone would not.
  const alive = setInterval(() => {}, 2 ** 30);
  await new Promise<void>((done) => signal.addEventListener("abort", () => done(), { once: true }));
  clearInterval(alive);
}
