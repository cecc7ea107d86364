import { plainText } from "./ansi.ts";
import type { Answered, LogExtent, LogLine } from "./segments.ts";

/** Lines of one file: more would take a browser minutes, and `weir logs` writes them all. */
export const MOST_LINES = 50_000;

interface Collected {
  readonly text: readonly string[];
  /** There were more. */
  readonly isCut: boolean;
}

/**
 * The lines of a run as text.
 * @param ask with what they are narrowed by
 * @param open what a sealed text says
 * @param tell how many there are as yet
 * @throws Refused
 */
export async function collectLines(
  extents: readonly LogExtent[],
  ask: (...[attempt, after, before]: readonly [number, number, number]) => Promise<Answered>,
  open: (text: string) => Promise<string>,
  tell: (lines: number) => void,
): Promise<Collected> {
  const text: string[] = [];
  for (const { attempt, first, last } of extents) {
    for (let after: number | null = first - 1; after !== null;) {
      const { lines, next } = await ask(attempt, after, last + 1);
      for (const line of lines) text.push(lineText(line, await open(line.text)));
      tell(text.length);
      after = next;
      if (text.length >= MOST_LINES && after !== null) return { text, isCut: true };
    }
  }
  return { text, isCut: false };
}

const lineText = ({ at, level, task, taskRunNumber, logger }: LogLine, text: string): string =>
  `${at} ${level.padEnd(5)} ${task === null ? logger : `${task}#${taskRunNumber}`}: ${plainText(text)}\n`;
