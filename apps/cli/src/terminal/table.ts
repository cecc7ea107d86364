import Table from "cli-table3";
import type { Io } from "../io.ts";
import { fit } from "./width.ts";

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** Cells at most; the text is cut to it. */
  readonly width: number;
  readonly align?: "left" | "right";
  readonly text: (row: Row) => string;
  readonly paint?: (text: string, row: Row) => string;
}

const RULES = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
  "left",
];
const MORE_RULES = ["left-mid", "mid", "mid-mid", "right", "right-mid"];
const NO_LINES = { ...Object.fromEntries([...RULES, ...MORE_RULES].map((name) => [name, ""])), middle: "  " };

/** Lines of a table without rules, its head in dim. */
export function tableLines<Row>(io: Io, columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const table = new Table({
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    head: columns.map(({ title }) => io.paint.dim(title)),
    colAligns: columns.map(({ align }) => align ?? "left"),
  });
  for (const row of rows) {
    table.push(
      columns.map(({ text, width, paint }) => {
        const cut = fit(text(row), width);
        return paint ? paint(cut, row) : cut;
      }),
    );
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}
