import { type CSSProperties, memo } from "react";
import { type Piece, piecesOf } from "./ansi.ts";
import { cssColour, foundParts } from "./line-look.ts";

interface LineTextProps {
  readonly text: string;
  /** Marked where it stands; "": nothing. */
  readonly found: string;
}

/** A line's text with its ANSI colours, as elements of text: no markup of a line is ever read as such. */
export const LineText = memo(function LineText({ text, found }: LineTextProps) {
  const [first, ...more] = piecesOf(text);
  // Most lines have no colours, and thousands are drawn.
  if (first === undefined || (more.length === 0 && isPlain(first)))
    return <Found text={first?.text ?? ""} found={found} />;
  return [first, ...more].map((piece, index) => (
    // The pieces of one text never change.
    <span key={index} style={styleOf(piece)}>
      <Found text={piece.text} found={found} />
    </span>
  ));
});

const isPlain = (piece: Piece): boolean => Object.keys(styleOf(piece)).length === 0;

function styleOf({ colour, ground, bold, dim, italic, underline }: Piece): CSSProperties {
  return {
    ...(colour !== null && { color: cssColour(colour) }),
    ...(ground !== null && { backgroundColor: cssColour(ground) }),
    ...(bold && { fontWeight: 700 }),
    ...(dim && { opacity: 0.75 }),
    ...(italic && { fontStyle: "italic" }),
    ...(underline && { textDecoration: "underline" }),
  };
}

function Found({ text, found }: LineTextProps) {
  if (found === "") return text;
  return foundParts(text, found).map((part, index) => (index % 2 === 0 ? part : <mark key={index}>{part}</mark>));
}
