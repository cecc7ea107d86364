/**
 * A number and what is counted.
 * @example countText(1_204, "run"); // "1,204 runs"
 */
export function countText(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
