/** setTimeout fires at once for more than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls back after a wait of any length. Milliseconds. */
export function onceDue(delayMs: number, callback: () => void): { cancel(): void } {
  let left = Math.max(0, delayMs);
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const step = Math.min(left, LONGEST_TIMER_MS);
    left -= step;
    timer = setTimeout(left > 0 ? arm : callback, step);
  };
  arm();
  return { cancel: () => clearTimeout(timer) };
}
