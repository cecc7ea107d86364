import { plainText } from "./ansi.ts";
import type { LogsSearch } from "./logs-search.ts";
import type { LogExtent, LogLine } from "./segments.ts";
import { askLines } from "./use-log-book.ts";

/** Lines of one file: more would take a browser minutes, and `weir logs` writes them all. */
export const MOST_LINES = 50_000;

interface Collected {
  readonly text: readonly string[];
  readonly lines: number;
  /** There were more. */
  readonly isCut: boolean;
}

interface Run {
  readonly id: string;
  readonly logExtents: readonly LogExtent[] | null;
}

/**
 * The lines that an address shows, as text.
 * @param open what a sealed text says
 * @param tell how many there are as yet
 * @throws Refused
 */
export async function collectLines(
  { id, logExtents }: Run,
  { attempt, ...filter }: LogsSearch,
  open: (text: string) => Promise<string>,
  signal: AbortSignal,
  tell: (lines: number) => void,
): Promise<Collected> {
  const text: string[] = [];
  for (const extent of logExtents ?? []) {
    if (attempt !== undefined && extent.attempt !== attempt) continue;
    for (let after: number | null = extent.first - 1; after !== null;) {
      const { lines, next } = await askLines(id, filter, [extent.attempt, after, extent.last + 1], signal);
      for (const line of lines) text.push(lineText(line, await open(line.text)));
      tell(text.length);
      after = next;
      if (text.length >= MOST_LINES && after !== null) return { text, lines: text.length, isCut: true };
    }
  }
  return { text, lines: text.length, isCut: false };
}

const lineText = ({ at, level, task, taskRunNumber, logger }: LogLine, text: string): string =>
  `${at} ${level.padEnd(5)} ${task === null ? logger : `${task}#${taskRunNumber}`}: ${plainText(text)}\n`;
