import type { Found } from "./matcher.ts";
import { TOKEN_FORMATS, type TokenFormat } from "./token-formats.ts";

const WINDOW = 4;
const pairOf = (a: number, b: number): number => ((a << 7) ^ b) & 0x3fff;
const fourOf = (text: string, at: number): number =>
  ((text.charCodeAt(at) << 12) ^
    (text.charCodeAt(at + 1) << 8) ^
    (text.charCodeAt(at + 2) << 4) ^
    text.charCodeAt(at + 3)) &
  0xffff;
const NOWHERE: readonly number[] = [];

interface Trigger {
  readonly format: TokenFormat;
  /** What stands at its beginning, and how far in the four characters are. */
  readonly begins: string;
  readonly look: number;
}

const triggers = new Map<string, Trigger[]>();
/** Whether four characters may be those of a trigger. Asked before a piece of the text is made only to be looked up. */
const isTrigger = new Uint8Array(1 << 16);
const jumps = new Uint8Array(1 << 14).fill(WINDOW - 1);

for (const format of TOKEN_FORMATS)
  for (const begins of format.begins) {
    const { look: given = 0 } = format;
    const look = given < 0 ? begins.length + given : given;
    const four = begins.slice(look, look + WINDOW);
    triggers.set(four, [...(triggers.get(four) ?? []), { format, begins, look }]);
    isTrigger[fourOf(four, 0)] = 1;
    for (let end = 2; end <= WINDOW; end += 1) {
      const pair = pairOf(four.charCodeAt(end - 2), four.charCodeAt(end - 1));
      jumps[pair] = Math.min(jumps[pair] ?? 0, WINDOW - end);
    }
  }

/** Where four characters stand with which a token may begin. The same search as `Matcher`, for few and short strings: by two characters. */
export function tokenPlaces(text: string): readonly number[] {
  let places: number[] | null = null;
  for (let at = WINDOW; at <= text.length;) {
    const jump = jumps[pairOf(text.charCodeAt(at - 2), text.charCodeAt(at - 1))] ?? 1;
    if (jump === 0 && isTrigger[fourOf(text, at - WINDOW)] === 1) (places ??= []).push(at - WINDOW);
    at += jump === 0 ? 1 : jump;
  }
  return places ?? NOWHERE;
}

/**
 * The tokens of known formats in a text.
 * @param places where one may begin, from `tokenPlaces`; in order
 */
export function tokensAt(text: string, places: readonly number[]): Found[] {
  const found: Found[] = [];
  const failedUpTo = new Map<TokenFormat, number>();
  let from = 0;
  for (const place of places)
    for (const trigger of triggers.get(text.slice(place, place + WINDOW)) ?? []) {
      const start = place - trigger.look;
      if (start < from || start < (failedUpTo.get(trigger.format) ?? 0) || !text.startsWith(trigger.begins, start))
        continue;
      const match = matchAt(trigger.format.pattern, text, start);
      if (match === null) failedUpTo.set(trigger.format, endOfRun(trigger.format, text, start));
      else {
        found.push(match.struck);
        from = match.next;
      }
    }
  return found;
}

function endOfRun({ run }: TokenFormat, text: string, start: number): number {
  if (run === undefined) return start + 1;
  run.lastIndex = start;
  return run.test(text) ? run.lastIndex : start + 1;
}

/** What is struck out, and where the search goes on: behind a whole token; inside of a match of which only a group is struck out. */
function matchAt(pattern: RegExp, text: string, start: number): { struck: Found; next: number } | null {
  pattern.lastIndex = start;
  const indices = pattern.exec(text)?.indices;
  const whole = indices?.[0];
  if (!whole) return null;
  const { secret, before } = indices?.groups ?? {};
  if (secret) return { struck: secret, next: start + 1 };
  return { struck: [before?.[0] ?? whole[0], whole[1]], next: whole[1] };
}
