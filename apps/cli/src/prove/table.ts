import type { Io } from "../io.ts";
import { pad, wrap } from "../terminal/width.ts";
import type { SideProof } from "./proof.ts";
import { PLACES } from "./search.ts";
import type { Cell, Row } from "./verdict.ts";

const TITLE = 34;
const CELL = 3;
const MARKS: Readonly<Record<Cell["verdict"], string>> = { absent: "·", present: "✓", leak: "✗", missing: "?" };
/** Short names of the places, in the order of PLACES: three letters, so that three policies fit beside each other. */
const HEADS = ["out", "db", "api", "log"] as const;

export const LEGEND: readonly string[] = [
  "out: all that was sent · db: the cloud's database · api: all that the cloud answered · log: its own log",
  "✓ allowed and found · · not allowed and not found · ✗ LEAK: found and not allowed · ? allowed and MISSING",
];

/** The table: a row per channel, a group of columns per policy, a column per place. */
export function tableLines(io: Io, played: readonly SideProof[]): string[] {
  // Of a side that was not played to its end, nothing can be said.
  const sides = played.filter(({ problem }) => problem === null);
  if (sides.length === 0) return [];
  const rows = sides[0]?.rows ?? [];
  const group = PLACES.length * (CELL + 1);
  const names = sides.map(({ policy }) => io.paint.bold(pad(policy.name, group)));
  const heads = sides.map(() => HEADS.map((head) => pad(head, CELL)).join(" "));
  return [
    `${pad("", TITLE)} ${names.join("")}`.trimEnd(),
    io.paint.dim(`${pad("channel", TITLE)} ${heads.join(" ")}`.trimEnd()),
    ...rows.map(({ channel, title }) => {
      const groups = sides.map(({ rows: own }) =>
        cellsOf(
          io,
          own.find((row) => row.channel === channel),
        ),
      );
      return `${pad(title, TITLE)} ${groups.join(" ")}`.trimEnd();
    }),
    "",
    ...LEGEND.flatMap((text) => wrap(text, io.columns)).map((text) => io.paint.dim(text)),
  ];
}

function cellsOf(io: Io, row: Row | undefined): string {
  return PLACES.map((place) => {
    const cell = row?.cells.find((one) => one.place === place);
    if (cell === undefined) return pad("", CELL);
    return painted(io, cell.verdict, pad(MARKS[cell.verdict], CELL));
  }).join(" ");
}

function painted(io: Io, verdict: Cell["verdict"], text: string): string {
  const { dim, green, red, yellow } = io.paint;
  return { absent: dim, present: green, leak: red, missing: yellow }[verdict](text);
}
