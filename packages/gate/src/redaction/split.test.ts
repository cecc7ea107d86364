import fc from "fast-check";
import { expect, test } from "vitest";
import { PIECE } from "./pieces.ts";
import { Redactor } from "./redactor.ts";
import { shapesOf } from "./shapes.ts";
import { REDACTED } from "./spans.ts";

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  redactor.add(secrets);
  return redactor;
}

const SECRET = fc.string({
  minLength: 12,
  maxLength: 60,
  unit: fc.constantFrom(...Array.from(`ABCDEFGHJKLMNPQRSTUV 34567+/=@&<"'$%\\é`)),
});
/** Of characters that no secret has, so that what is left of one can be told from what stood beside it. */
const AROUND = fc.string({ maxLength: 20, unit: fc.constantFrom(...Array.from("zyxw~| ")) });

/** The longest run of characters of a shape that a text holds. */
function longestPiece(text: string, shape: string): number {
  let longest = 0;
  for (let at = 0; at < shape.length; at += 1)
    while (at + longest < shape.length && text.includes(shape.slice(at, at + longest + 1))) longest += 1;
  return longest;
}

/** Cuts a text at places given as fractions of its length. */
function cutAt(text: string, fractions: readonly number[]): string[] {
  const cuts = [...fractions].sort((a, b) => a - b).map((fraction) => Math.floor(fraction * text.length));
  return [0, ...cuts].map((from, i) => text.slice(from, [...cuts, text.length][i]));
}

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const fractions = fc.array(fraction, { maxLength: 12 });
/** Raw, JSON, base64, hex, bytes as numbers, percent, HTML, UTF-16: whichever this secret has. */
const written = fc
  .tuple(
    SECRET.filter((secret) => secret.trim().length >= 12),
    fc.nat(),
  )
  .map(([secret, n]) => {
    const shapes = shapesOf(secret);
    return { secret, shape: shapes[n % shapes.length] ?? secret };
  });

/** Without what tells nothing at its borders: white space, and the half of a UTF-16 character that is 0. */
const bare = (text: string): string => text.replaceAll(/^[^!-\u{10ffff}]+|[^!-\u{10ffff}]+$/gu, "");

const withoutSpace = (text: string): string => text.replaceAll(/\s|\[redacted\]/g, "");

/** The pieces as lines of a log, the first behind other text, the last before it. */
function linesOf(pieces: readonly string[], before: string, after: string): string[] {
  return pieces.map((piece, i) => (i === 0 ? before : "") + piece + (i === pieces.length - 1 ? after : ""));
}

test("of a secret that was parted into lines of one report nothing is left, however short its pieces are", () => {
  const property = fc.property(written, AROUND, AROUND, fractions, ({ secret, shape }, before, after, cuts) => {
    const pieces = cutAt(shape, cuts);
    // White space of its own at a border is taken for the line's.
    fc.pre(pieces.every((piece) => piece.trim() === piece));
    const lines = linesOf(pieces, before, after);
    const shown = redactorOf(secret).redactAll(["zzz", ...lines, "zzz"]);
    expect(withoutSpace(shown.join(""))).toBe(withoutSpace(`zzz${before}${after}zzz`));
    expect(shown).toHaveLength(lines.length + 2);
  });
  fc.assert(property, { numRuns: 500 });
});

test("a secret that was wrapped into lines of one text, indented or not, is struck out of each", () => {
  const indent = fc.constantFrom("\n", "\r\n", "\n    ", "  \n\t", "\\n", "\\r\\n", "\\\\n");
  const property = fc.property(
    written,
    AROUND,
    AROUND,
    fractions,
    indent,
    ({ secret, shape }, before, after, cuts, wrap) => {
      // Where a line ends there is no telling which white space was the secret's own.
      fc.pre(!/\s|\\/.test(shape));
      const shown = redactorOf(secret).redact(
        cutAt(shape, cuts)
          .join(wrap)
          .replace(/^/, () => before) + after,
      );
      expect(withoutSpace(shown).replaceAll(/\\+[rn]/g, "")).toBe(withoutSpace(before + after));
    },
  );
  fc.assert(property, { numRuns: 500 });
});

test("a secret that was parted between reports, events and cut lines leaves no piece of six characters in any text", () => {
  const property = fc.property(
    written,
    AROUND,
    AROUND,
    fractions,
    fractions,
    ({ secret, shape }, before, after, cuts, borders) => {
      const redactor = redactorOf(secret);
      const lines = linesOf(cutAt(shape, cuts), before, after);
      const reports = [...borders].map((border) => Math.floor(border * lines.length)).sort((a, b) => a - b);
      const shown = [0, ...reports].map((from, i) =>
        redactor.redactAll(lines.slice(from, [...reports, lines.length][i])),
      );
      for (const report of shown)
        expect(longestPiece(bare(report.map((line) => line.trim()).join("")), shape)).toBeLessThan(PIECE);
    },
  );
  fc.assert(property, { numRuns: 500 });
});

test("lines that a stream's chunks made, each passed alone, leave no piece of six characters", () => {
  const property = fc.property(written, AROUND, AROUND, fractions, ({ secret, shape }, before, after, cuts) => {
    const redactor = redactorOf(secret);
    for (const line of linesOf(cutAt(shape, cuts), before, after))
      expect(longestPiece(bare(redactor.redact(line)), shape)).toBeLessThan(PIECE);
  });
  fc.assert(property, { numRuns: 500 });
});

test("a piece of UTF-16 is as long as what it tells: a zero at its border is none of it", () => {
  const shape = Array.from("ABCDEFGHJKLM").join("\0");
  expect(redactorOf("ABCDEFGHJKLM").redact(shape.slice(0, 6))).toBe("A\0B\0C\0");
  expect(redactorOf("ABCDEFGHJKLM").redact(shape.slice(0, 7))).toBe(REDACTED);
});

test("the beginning of a secret before the mark of a cut is struck out", () => {
  const text = "token: ABCDEFGHJKLM … [cut by Weir: 30 bytes more]";
  expect(redactorOf("ABCDEFGHJKLMNPQRST").redact(text)).toBe(`token: ${REDACTED} … [cut by Weir: 30 bytes more]`);
});

test("where a text begins or ends, what only looks like the beginning of a secret stays when it is short", () => {
  const redactor = redactorOf("ABCDEFGHJKLM");
  expect(redactor.redact("see ABCDE")).toBe("see ABCDE");
  expect(redactor.redact("see ABCDEF")).toBe(`see ${REDACTED}`);
  expect(redactor.redact("see ABCDEF here")).toBe("see ABCDEF here");
  expect(redactor.redact("GHJKLM is the end")).toBe(`${REDACTED} is the end`);
  expect(redactor.redact("CDEFGHJ")).toBe(REDACTED);
});
