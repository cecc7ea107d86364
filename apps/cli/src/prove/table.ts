import type { Io } from "../io.ts";
import { pad, wrap } from "../terminal/width.ts";
import type { SideProof } from "./proof.ts";
import { PLACES } from "./search.ts";
import type { Cell, Row } from "./verdict.ts";

const TITLE = 32;
const CELL = 3;
/** Short names of the places, in the order of PLACES: three letters, so that three policies fit on 80 columns. */
const HEADS = ["out", "db", "api", "log"] as const;
const GROUP = HEADS.length * (CELL + 1);

const MARKS: Readonly<Record<Cell["verdict"], string>> = {
  absent: "·",
  present: "✓",
  leak: "✗",
  missing: "?",
  opens: "s",
  closed: "S?",
  kept: "k",
  lost: "K?",
};

const LEGEND: readonly string[] = [
  "out: all that was sent · db: the cloud's database · api: all that the cloud answered · log: its own log",
  "✓ allowed and found  · not allowed, not found  ✗ LEAK: found, not allowed  ? allowed and MISSING",
  "s sealed, opens with the reader's key  S? does not  k an id or a pseudonym, its text kept on your side  K? lost",
];

/** The table: a row per channel, a group of columns per policy, a column per place. */
export function tableLines(io: Io, played: readonly SideProof[]): string[] {
  // Of a side that was not played to its end, nothing can be said.
  const sides = played.filter(({ problem }) => problem === null);
  const many = Math.max(1, Math.floor((io.columns - TITLE) / GROUP));
  const tables = Array.from({ length: Math.ceil(sides.length / many) }, (_, index) =>
    oneTable(io, sides.slice(index * many, (index + 1) * many)),
  );
  if (tables.length === 0) return [];
  return [...tables.flat(), ...LEGEND.flatMap((text) => wrap(text, io.columns)).map((text) => io.paint.dim(text))];
}

function oneTable(io: Io, sides: readonly SideProof[]): string[] {
  const names = sides.map(({ policy }) => io.paint.bold(pad(policy.name, GROUP)));
  const heads = sides.map(() => HEADS.map((head) => pad(head, CELL)).join(" "));
  const rows = sides[0]?.rows ?? [];
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
  ];
}

function cellsOf(io: Io, row: Row | undefined): string {
  return PLACES.map((place) => {
    const cell = row?.cells.find((one) => one.place === place);
    return cell === undefined ? pad("", CELL) : painted(io, cell.verdict, pad(MARKS[cell.verdict], CELL));
  }).join(" ");
}

function painted(io: Io, verdict: Cell["verdict"], text: string): string {
  const { dim, green, red } = io.paint;
  if (verdict === "absent") return dim(text);
  return ["present", "opens", "kept"].includes(verdict) ? green(text) : red(text);
}
