import { ID_PATTERN, type Json } from "@weir/protocol";

/** A row as the cloud stores it. */
export type Row = Readonly<Record<string, Json>>;

/** What a column holds over all rows of a run, said shortly. */
export interface ColumnSummary {
  readonly column: string;
  /** Null: no row has a value. */
  readonly text: string | null;
}

const FEW = 4;
const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text);
const isWholeId = new RegExp(ID_PATTERN);

/** Names of the columns of some rows, in their order. */
export function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** Different values of a column, in the order in which they appear; empty ones left out. */
export function distinctValues(rows: readonly Row[], column: string): string[] {
  const texts = rows.map((row) => textOf(row[column] ?? null)).filter((text) => text !== null);
  return [...new Set(texts)];
}

/** Null for what holds nothing: null, an empty list, an empty text. */
function textOf(value: Json): string | null {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** One column in a few words: a single value as it is, numbers and times as a range, few values as a list, many as a count. */
export function summarize(rows: readonly Row[], column: string): ColumnSummary {
  const values = distinctValues(rows, column);
  const [first, ...others] = values;
  if (first === undefined) return { column, text: null };
  if (others.length === 0) return { column, text: short(first) };
  if (values.every((value) => /^-?\d+(\.\d+)?$/.test(value))) return { column, text: numberRange(values.map(Number)) };
  if (values.every(isTime)) return { column, text: timeRange(values.toSorted()) };
  return {
    column,
    text: values.length <= FEW ? values.map(short).join(", ") : `${values.length} different, such as ${short(first)}`,
  };
}

function numberRange(numbers: number[]): string {
  numbers.sort((a, b) => a - b);
  return numbers.length <= 2 ? numbers.join(", ") : `${numbers[0]}…${numbers.at(-1)}`;
}

function timeRange(sorted: readonly string[]): string {
  const [first = "", last = ""] = [sorted[0], sorted.at(-1)].map((text) => short(text ?? ""));
  return first.slice(0, 10) === last.slice(0, 10) ? `${first}…${last.slice(11)}` : `${first}…${last}`;
}

/** A time to the millisecond, in UTC as it came; the end of an id, which is its random part. */
function short(text: string): string {
  if (isTime(text))
    return text
      .slice(0, 23)
      .replace("T", " ")
      .replace(/[+Z].*$/, "");
  return isWholeId.test(text) ? `…${text.slice(-12)}` : text;
}

/** Values that are alike but for their numbers, as one form with an example. */
export interface ValueForm {
  readonly example: string;
  readonly alike: number;
}

/** Folds values that differ only in digits (indexes, sizes, ids) into one form each. */
export function formsOf(values: readonly string[]): ValueForm[] {
  const groups = Map.groupBy(values, (value) => value.replaceAll(/\d+(?:[.,]\d+)?/g, "#"));
  return [...groups.values()].map((alike) => ({ example: alike[0] ?? "", alike: alike.length }));
}

/** The folder that many paths or URLs lie in; empty when there are too few to say it apart, or no common one. */
export function commonStart(values: readonly string[]): string {
  const [first = "", ...others] = values;
  if (others.length < 2) return "";
  let start = first.slice(0, first.lastIndexOf("/") + 1);
  while (start !== "" && !others.every((value) => value.startsWith(start)))
    start = start.slice(0, start.lastIndexOf("/", start.length - 2) + 1);
  return start.length < 8 ? "" : start;
}
