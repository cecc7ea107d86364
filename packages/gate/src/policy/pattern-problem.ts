import { RE2JS } from "re2js";
import { PATTERN_STEPS } from "./policy-schema.ts";

/** Texts in which a pattern that can match nothing finds it: at an end, at a word's edge, inside a word, at a line's end. */
const PROBES = ["", "a", "aa", "a a", "0", " ", "-", "\n", "a\n"];

/** Why a pattern of the user's own cannot be used, or null. */
export function patternProblem(pattern: string): string | null {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    return `is refused: ${reasonOf(pattern, error)}`;
  }
  const steps = compiled.programSize();
  if (steps > PATTERN_STEPS)
    return `is too large: its repetitions make ${steps} steps of it, each of which may be asked for every character, and ${PATTERN_STEPS} are allowed`;
  if (PROBES.some((text) => matchesNothing(compiled, text)))
    return "matches the empty text, which stands everywhere: nothing would be left of a line. Ask for one character at least, as in [0-9]+";
  return null;
}

function matchesNothing(compiled: RE2JS, text: string): boolean {
  const matcher = compiled.matcher(text);
  while (matcher.find()) if (matcher.start() === matcher.end()) return true;
  return false;
}

const NOT_LINEAR = "patterns run in linear time (RE2), and it cannot be had with that. Say it without";

function reasonOf(pattern: string, error: unknown): string {
  if (/\(\?<?[=!]/.test(pattern)) return `it looks ahead or behind ("(?=", "(?!", "(?<=", "(?<!"); ${NOT_LINEAR}`;
  if (/\\(?:[1-9]|k[<{'])/.test(pattern)) return `it refers back to a group ("\\1"); ${NOT_LINEAR}`;
  if (/\(\?>|[*+?}]\+/.test(pattern)) return `it has a possessive or atomic group; ${NOT_LINEAR}`;
  const reason = error instanceof Error ? error.message : String(error);
  return `${reason.replace(/^error parsing regexp: /, "it is no regular expression of RE2: ")}. The syntax: github.com/google/re2/wiki/Syntax`;
}
