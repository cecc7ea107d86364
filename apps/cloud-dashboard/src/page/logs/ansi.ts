import Anser from "anser";

/** A piece of a line with one look. The text is text: nothing of it is ever read as HTML. */
export interface Piece {
  readonly text: string;
  /** One of the 16 named colours, or `rgb(…)`; null: the line's own. */
  readonly colour: string | null;
  readonly ground: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
}

/** What starts with ESC and is no colour: moves of the cursor, titles, links. Each ends, or is cut off with the line. */
const SEQUENCES =
  // oxlint-disable-next-line no-control-regex
  /\u001B(?:\][^\u0007\u001B]*(?:\u0007|\u001B\\|$)|[PX^_][^\u001B]*(?:\u001B\\|$)|\[[0-9;:?<=>]*[ -/]*(?![0-9;]*m)[@-~]|[@-Z\\^_`-~0-9#()])/gu;
/** Left over, and with nothing to see. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B-\u001A\u001C-\u001F\u007F]/gu;
const ESCAPE = "\u001B";

/** What a person would read in a terminal, without colours. */
export function plainText(text: string): string {
  return piecesOf(text)
    .map((piece) => piece.text)
    .join("");
}

/** A line in pieces, as its ANSI codes colour it. */
export function piecesOf(text: string): readonly Piece[] {
  // Where a terminal would write over what stands there, all of it is shown.
  const whole = text.replaceAll("\r\n", "\n").replaceAll("\r", "␍");
  const shown = whole.replaceAll(SEQUENCES, "").replaceAll(CONTROLS, "");
  if (!shown.includes(ESCAPE)) return [{ ...PLAIN, text: shown }];
  return Anser.ansiToJson(shown, { json: true, remove_empty: true, use_classes: true }).map(pieceOf);
}

const PLAIN: Omit<Piece, "text"> = {
  colour: null,
  ground: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
};

function pieceOf({ content, fg, bg, fg_truecolor, bg_truecolor, decorations }: Anser.AnserJsonEntry): Piece {
  return {
    text: content.replaceAll(ESCAPE, ""),
    colour: colourOf(fg, fg_truecolor),
    ground: colourOf(bg, bg_truecolor),
    bold: decorations.includes("bold"),
    dim: decorations.includes("dim"),
    italic: decorations.includes("italic"),
    underline: decorations.includes("underline"),
  };
}

const NAMED = /^ansi-((?:bright-)?(?:black|red|green|yellow|blue|magenta|cyan|white))$/;
const PALETTE = /^ansi-palette-(\d{1,3})$/;
const TRUE_COLOUR = /^(\d{1,3}), ?(\d{1,3}), ?(\d{1,3})$/;

function colourOf(name: string | null, exact: string | null): string | null {
  const named = NAMED.exec(name ?? "")?.[1];
  if (named !== undefined) return named;
  const palette = PALETTE.exec(name ?? "")?.[1];
  if (palette !== undefined) return paletteColour(Number(palette));
  return TRUE_COLOUR.test(exact ?? "") ? `rgb(${exact})` : null;
}

const CUBE = [0, 95, 135, 175, 215, 255] as const;

/** Of the 256: 16 named, a cube of 6 × 6 × 6, and 24 greys. */
function paletteColour(index: number): string | null {
  if (index > 255) return null;
  if (index >= 232) return `rgb(${Array.from({ length: 3 }, () => 8 + (index - 232) * 10).join(", ")})`;
  const at = index - 16;
  return `rgb(${[Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((step) => CUBE[step] ?? 0).join(", ")})`;
}
