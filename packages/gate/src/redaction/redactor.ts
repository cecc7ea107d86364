import { below, type Place, placesOf, type Together, together, unfolded } from "./folds.ts";
import { Matcher } from "./matcher.ts";
import { type CompiledPattern, compilePattern, type NamedPattern } from "./patterns.ts";
import { Pieces } from "./pieces.ts";
import { mayHoldKey, privateKeysIn } from "./private-keys.ts";
import { shapesOf } from "./shapes.ts";
import { REDACTED, type Span, strikeOut } from "./spans.ts";
import { tokenPlaces, tokensAt } from "./token-finder.ts";

export { REDACTED } from "./spans.ts";

/** What is struck out beside registered secrets. */
export interface RedactorOptions {
  /** Tokens of known formats. Default true. */
  readonly tokens?: boolean;
  /** The user's own patterns. */
  readonly patterns?: readonly NamedPattern[];
}

/** Spans of several texts, made only when there is something to strike out. */
class Strikes {
  readonly #of = new Map<number, Span[]>();

  add({ index, start, end }: Place): void {
    this.addSpans(index, [{ start, end, mark: REDACTED }]);
  }

  addAll(places: readonly Place[]): void {
    for (const place of places) this.add(place);
  }

  addSpans(index: number, spans: readonly Span[]): void {
    if (spans.length === 0) return;
    const before = this.#of.get(index);
    if (before) before.push(...spans);
    else this.#of.set(index, [...spans]);
  }

  applyTo(texts: readonly string[]): readonly string[] {
    if (this.#of.size === 0) return texts;
    return texts.map((text, index) => strikeOut(text, this.#of.get(index) ?? []));
  }
}

/**
 * Strikes out of texts: registered secrets in all the shapes that `shapesOf` knows, also across the borders of texts that follow each
 * other; tokens of known formats; the user's own patterns.
 */
export class Redactor {
  readonly #registered = new Set<string>();
  readonly #matcher = new Matcher();
  readonly #pieces = new Pieces();
  readonly #tokens: boolean;
  readonly #patterns: readonly CompiledPattern[];

  /** @throws PatternError for a pattern that cannot be used */
  constructor({ tokens = true, patterns = [] }: RedactorOptions = {}) {
    this.#tokens = tokens;
    this.#patterns = patterns.map(compilePattern);
  }

  /** Registers secrets. They stay registered for as long as the process lives: a log line may come late. */
  add(values: readonly string[]): void {
    const fresh = [...new Set(values)].filter((value) => !this.#registered.has(value));
    if (fresh.length === 0) return;
    for (const value of fresh) this.#registered.add(value);
    const shapes = [...new Set(fresh.flatMap(shapesOf))];
    this.#matcher.add(shapes);
    this.#pieces.add(shapes);
  }

  /** The text without the secrets; the very same string when it holds none. */
  redact(text: string): string {
    return this.redactAll([text])[0] ?? text;
  }

  /**
   * The same for texts that follow each other, such as the lines that one logger wrote: what begins in one and goes on in the next is found
   * too. The very same array when there is nothing to strike out. One call for many lines is faster than one for each.
   */
  redactAll(texts: readonly string[]): readonly string[] {
    const strikes = new Strikes();
    const whole = together(texts);
    strikes.addAll(placesOf(whole, this.#matcher.find(whole.text)));
    const lines = unfolded(texts, whole);
    if (lines) strikes.addAll(placesOf(lines, this.#matcher.find(lines.text)));
    this.#strikePieces(texts, whole, strikes);
    if (this.#tokens) strikes.addAll(tokensIn(texts));
    for (const pattern of this.#patterns)
      for (const [index, text] of texts.entries()) strikes.addSpans(index, pattern.find(text));
    return strikes.applyTo(texts);
  }

  #strikePieces(texts: readonly string[], whole: Together, strikes: Strikes): void {
    for (const [index, text] of texts.entries())
      for (const [start, end] of this.#pieces.ofLines(text)) strikes.add({ index, start, end });
    // What is left of a secret whose beginning, or end, was parted between the last texts, or the first ones.
    if (texts.length > 1) strikes.addAll(placesOf(whole, this.#pieces.find(whole.text, 0, whole.text.length)));
  }
}

/** A line's end parts tokens: what stands in the next text must not make a longer one of it. */
function tokensIn(texts: readonly string[]): readonly Place[] {
  const whole = below(texts);
  const tokens = placesOf(whole, tokensAt(whole.text, tokenPlaces(whole.text)));
  return mayHoldKey(whole.text) ? [...tokens, ...privateKeysIn(texts)] : tokens;
}
