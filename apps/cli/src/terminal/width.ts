import { stripVTControlCharacters } from "node:util";

const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** Characters that terminals draw two cells wide. */
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Cells that a text takes in a terminal, colours not counted. */
export function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (/^[\x20-\x7e]*$/.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of segments.segment(plain)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Cuts a text without colours to a number of cells, with an ellipsis where something is missing. */
export function fit(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of segments.segment(text)) {
    width += WIDE.test(segment) ? 2 : 1;
    if (width > cells - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Fills a text up to a number of cells. */
export function pad(text: string, cells: number, side: "end" | "start" = "end"): string {
  const blanks = " ".repeat(Math.max(0, cells - widthOf(text)));
  return side === "end" ? text + blanks : blanks + text;
}

/** Breaks a text without colours at blanks into lines of at most so many cells; a longer word is broken where it must be. */
export function wrap(text: string, cells: number): string[] {
  const lines: string[] = [];
  let now = "";
  for (const word of text.split(" ")) {
    const longer = now === "" ? word : `${now} ${word}`;
    if (widthOf(longer) <= cells) {
      now = longer;
      continue;
    }
    if (now !== "") lines.push(now);
    const pieces = broken(word, cells);
    now = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  return [...lines, now];
}

function broken(word: string, cells: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (widthOf(rest) > cells) {
    pieces.push(rest.slice(0, cells));
    rest = rest.slice(cells);
  }
  return [...pieces, rest];
}
