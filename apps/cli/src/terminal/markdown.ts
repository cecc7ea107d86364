import type { Io } from "../io.ts";
import { fit, pad, widthOf, wrap } from "./width.ts";

/** Markdown as a terminal shows it: headings bold, tables in columns, the rest as it is. No HTML, no images, no links that act. */
export function markdownLines(io: Io, markdown: string): string[] {
  const room = io.columns - 2;
  const lines: string[] = [];
  let table: string[][] = [];
  const endTable = (): void => {
    lines.push(...tableLines(io, table, room));
    table = [];
  };
  for (const text of markdown.trim().split("\n")) {
    if (text.startsWith("|")) {
      table.push(cellsOf(text));
      continue;
    }
    endTable();
    const heading = /^#{1,6} +(.*)$/.exec(text)?.[1];
    if (heading === undefined) lines.push(...wrap(text, room));
    else lines.push(io.paint.bold(fit(heading, room)));
  }
  endTable();
  return lines;
}

const cellsOf = (row: string): string[] =>
  row
    .replace(/^\||\|\s*$/g, "")
    .split("|")
    .map((cell) => cell.trim());

/** A row of dashes, which also says how columns are aligned: `---:` is right. */
const isRule = (cells: readonly string[]): boolean => cells.every((cell) => /^:?-+:?$/.test(cell));

function tableLines(io: Io, table: readonly string[][], room: number): string[] {
  const right = (table.find(isRule) ?? []).map((cell) => /^-+:$/.test(cell));
  const rows = table.filter((cells) => !isRule(cells));
  const count = Math.max(0, ...rows.map((cells) => cells.length));
  const wanted = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((cells) => widthOf(cells[index] ?? ""))),
  );
  const widths = narrowed(wanted, room - 2 * (count - 1));
  return rows.map((cells, row) => {
    const texts = widths.map((width, index) =>
      pad(fit(cells[index] ?? "", width), width, right[index] ? "start" : "end"),
    );
    const text = fit(texts.join("  "), room).trimEnd();
    return row === 0 && table.length > rows.length ? io.paint.dim(text) : text;
  });
}

/** Takes from the widest column until all fit: long names are cut before numbers are. */
function narrowed(widths: readonly number[], room: number): number[] {
  const narrow = [...widths];
  for (let excess = narrow.reduce((sum, width) => sum + width, 0) - room; excess > 0; excess -= 1) {
    const widest = narrow.indexOf(Math.max(...narrow));
    narrow[widest] = Math.max(1, (narrow[widest] ?? 1) - 1);
  }
  return narrow;
}
