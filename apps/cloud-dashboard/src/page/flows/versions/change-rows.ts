import type { Json } from "@weir/protocol";
import { isSealedJson } from "@weir/protocol/sealed-form";
import { diffLines } from "diff";

/** One difference of two versions, as the cloud tells it. */
export interface Change {
  readonly part: string;
  readonly kind: "added" | "changed" | "removed";
  /** Of the task, parameter, label, schedule, file or field; null: the part as a whole. */
  readonly name: string | null;
  readonly before: Json | null;
  readonly after: Json | null;
}

export interface ChangedLine {
  readonly sign: "+" | "-" | " ";
  readonly text: string;
}

/** A difference, ready to be read. */
export interface ChangeRow {
  readonly kind: Change["kind"];
  readonly name: string | null;
  readonly lines: readonly ChangedLine[];
  /** What is sealed differs wherever its text does: nobody here sees what changed. */
  readonly isSealed: boolean;
}

export interface ChangedPart {
  readonly title: string;
  readonly rows: readonly ChangeRow[];
}

const TITLES: ReadonlyMap<string, string> = new Map([
  ["parameterDefaults", "Default parameters"],
  ["runConfig", "Run config"],
  ["sdkVersion", "Version of the SDK"],
]);

/** All differences by what they are of, in the order of the cloud. */
export function changedParts(changes: readonly Change[]): ChangedPart[] {
  return [...Map.groupBy(changes, ({ part }) => part)].map(([part, own]) => ({
    title: TITLES.get(part) ?? `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`,
    rows: own.map(rowOf),
  }));
}

function rowOf({ kind, name, before, after }: Change): ChangeRow {
  const isSealed = isSealedJson(before) || isSealedJson(after);
  return { kind, name, isSealed, lines: isSealed ? [] : linesOf(kind, name, before, after) };
}

/** Texts of more letters are told whole, before and after: comparing them would hold the page. */
const MOST_COMPARED = 200_000;

function linesOf(kind: Change["kind"], name: string | null, before: Json | null, after: Json | null): ChangedLine[] {
  const [old, own] = [textOf(before), textOf(after)];
  // A label is its own name: it is not told twice.
  if (kind === "added") return after === name ? [] : signed("+", own);
  if (kind === "removed") return before === name ? [] : signed("-", old);
  if (old.length + own.length > MOST_COMPARED) return [...signed("-", old), ...signed("+", own)];
  return diffLines(`${old}\n`, `${own}\n`).flatMap(({ added, removed, value }) =>
    signed(added ? "+" : removed ? "-" : " ", value.replace(/\n$/, "")),
  );
}

const signed = (sign: ChangedLine["sign"], text: string): ChangedLine[] =>
  text.split("\n").map((line) => ({ sign, text: line }));

/** A text stands as it is, with its own lines; anything else as JSON. */
const textOf = (value: Json | null): string => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
