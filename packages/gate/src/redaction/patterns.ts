import { createRequire } from "node:module";
import type * as Re2 from "re2js";
import type { Span } from "./spans.ts";

/** A pattern of the policy file that cannot be used. The message is a sentence that names it, and says why. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** A pattern as the policy file has it, in RE2's syntax. */
export interface NamedPattern {
  readonly name: string;
  readonly pattern: string;
}

/** A pattern that is ready. */
export interface CompiledPattern {
  readonly name: string;
  /** Each match in the text; as a whole, whatever groups the pattern has. */
  find(text: string): Span[];
}

/**
 * Instructions of the compiled program. RE2 looks at each character once for each instruction at most, so this bounds what a line costs;
 * `a{1000}` has 1,000 of them, and two of such factors a million.
 */
const MOST_INSTRUCTIONS = 2_000;
const LONGEST_PATTERN = 1_000;
/**
 * One search is linear, but the next one begins where it ended: `a.*z|a` reads all the rest of a line of a's for each of them. What is left of a
 * text after so many matches is struck out as a whole.
 */
const MOST_MATCHES = 1_000;

let engine: typeof Re2 | null = null;

/** Not imported at the top: it is 600 KB of code, and most policies have no patterns. */
function re2(): typeof Re2 {
  return (engine ??= createRequire(import.meta.url)("re2js") as typeof Re2);
}

function compile({ name, pattern }: NamedPattern): Re2.RE2JS {
  if (pattern.length > LONGEST_PATTERN)
    throw new PatternError(
      `The pattern "${name}" has ${pattern.length} characters; ${LONGEST_PATTERN} are allowed. Make several patterns of it.`,
    );
  try {
    return re2().RE2JS.compile(pattern);
  } catch (error) {
    throw new PatternError(
      `The pattern "${name}" cannot be used: ${(error as Error).message}. Patterns are written in RE2's syntax, which has no look-around and no back references, because those can take for ever.`,
    );
  }
}

/**
 * Compiles a pattern of the policy file.
 * @throws PatternError when it is no pattern of RE2, when it explodes, or when it fits the empty text
 * @example compilePattern({ name: "customer", pattern: "CUST-[0-9]{8}" }).find("of CUST-00000001")
 */
export function compilePattern(named: NamedPattern): CompiledPattern {
  const { name } = named;
  const program = compile(named);
  const size = program.programSize();
  if (size > MOST_INSTRUCTIONS)
    throw new PatternError(
      `The pattern "${name}" explodes: it becomes a program of ${size} instructions, and ${MOST_INSTRUCTIONS} are allowed. Repeat less in it.`,
    );
  if (fitsNothing(program))
    throw new PatternError(
      `The pattern "${name}" fits the empty text, so it would strike out nothing everywhere. Let it ask for at least one character.`,
    );
  const mark = `[redacted:${name}]`;
  return { name, find: (text) => spansOf(program, text, mark) };
}

function fitsNothing(program: Re2.RE2JS): boolean {
  return ["", "a b"].some((text) => {
    const matcher = program.matcher(text);
    return matcher.find() && matcher.start() === matcher.end();
  });
}

function spansOf(program: Re2.RE2JS, text: string, mark: string): Span[] {
  // Asked first: whether there is a match costs half of where it is, and nearly always there is none.
  if (!program.test(text)) return [];
  const spans: Span[] = [];
  for (const matcher = program.matcher(text); matcher.find();) {
    const start = matcher.start();
    if (spans.length === MOST_MATCHES) return [...spans, { start, end: text.length, mark }];
    spans.push({ start, end: matcher.end(), mark });
  }
  return spans.filter(({ start, end }) => start < end);
}
