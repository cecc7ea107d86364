import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Needle, SHORTEST_NEEDLE } from "./search.ts";

/** So long that no piece stands somewhere by chance or by being a name. */
const PIECE = 32;
const PIECES_PER_FILE = 40;

/** Lines of all sources in a folder. Brackets and `return;` say nothing of anybody's code. */
export function sourceLines(folder: string): Needle[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return files.flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .flatMap((line, index) =>
        line.trim().length < 2 * SHORTEST_NEEDLE ? [] : [{ name: `${name}:${index + 1}`, text: line.trim() }],
      ),
  );
}

/** Pieces of every result below a folder: what a task returned, whatever it was. */
export function resultPieces(folder: string): Needle[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => piecesOf(join(entry.parentPath, entry.name)));
}

function piecesOf(file: string): Needle[] {
  const text = readFileSync(file, "utf8");
  const step = Math.max(PIECE, Math.floor(text.length / PIECES_PER_FILE));
  const starts = Array.from({ length: Math.ceil(text.length / step) }, (_, index) => index * step);
  return starts
    .map((start) => ({ name: `${basename(file)} from ${start}`, text: text.slice(start, start + PIECE) }))
    .filter((piece) => piece.text.length === PIECE);
}
