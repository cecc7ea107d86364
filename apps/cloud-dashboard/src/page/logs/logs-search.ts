/** As the cloud names them, the least first. */
export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof LEVELS)[number];

/** What the address says after its `?`. */
export interface LogsSearch {
  /** Lines of this level and above. */
  readonly level?: Level;
  /** Part of their text. */
  readonly q?: string;
  /** Written by this task run. */
  readonly taskRun?: number;
  readonly attempt?: number;
  /** Long lines are broken; otherwise they are scrolled to. */
  readonly wrap?: true;
}

/** Whatever is not understood is left out. */
export function readLogsSearch(given: Record<string, unknown>): LogsSearch {
  const level = LEVELS.find((name) => name === given["level"] && name !== "trace");
  const q = textOf(given["q"]);
  const [taskRun, attempt] = [numberOf(given["taskRun"]), numberOf(given["attempt"])];
  return {
    ...(level && { level }),
    ...(q !== "" && { q }),
    ...(taskRun !== null && { taskRun }),
    ...(attempt !== null && { attempt }),
    ...(given["wrap"] === true && { wrap: true as const }),
  };
}

/** The cloud takes no longer one. */
const MOST_SEARCHED = 200;

/** The router reads what looks like JSON as such: somebody may look for `42`. */
const textOf = (given: unknown): string =>
  ["string", "number", "boolean"].includes(typeof given) ? String(given).slice(0, MOST_SEARCHED) : "";

const numberOf = (given: unknown): number | null =>
  typeof given === "number" && Number.isInteger(given) && given > 0 && given < 2 ** 31 ? given : null;

/** A level and all above it; null: all there are. */
export const levelsFrom = (level: Level | undefined): readonly Level[] | null =>
  level === undefined ? null : LEVELS.slice(LEVELS.indexOf(level));

/** Where a line is: the attempt of its run, and its number there. */
export interface LinePlace {
  readonly attempt: number;
  readonly number: number;
}

/** As the address has it after its `#`. */
export const placeText = ({ attempt, number }: LinePlace): string => `${attempt}.${number}`;

/** @example readPlace("2.1234") // { attempt: 2, number: 1234 } */
export function readPlace(hash: string): LinePlace | null {
  const [, attempt, number] = /^#?(\d{1,5})\.(\d{1,10})$/.exec(hash) ?? [];
  return attempt === undefined ? null : { attempt: Number(attempt), number: Number(number) };
}
