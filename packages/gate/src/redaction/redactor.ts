import { shapesOf } from "./encodings.ts";
import { Matcher } from "./matcher.ts";

/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

/** Strikes registered secrets out of texts, in all the shapes that `shapesOf` knows. */
export class Redactor {
  readonly #needles = new Set<string>();
  #matcher: Matcher | null = null;

  /** Registers secrets. They stay registered for as long as the process lives: a log line may come late. */
  add(values: readonly string[]): void {
    const before = this.#needles.size;
    for (const value of values) for (const shape of shapesOf(value)) this.#needles.add(shape);
    if (this.#needles.size > before) this.#matcher = new Matcher([...this.#needles]);
  }

  /** The text without the secrets; the very same string when it holds none. */
  redact(text: string): string {
    const found = this.#matcher?.find(text);
    if (found === undefined || found.length === 0) return text;
    let kept = "";
    let from = 0;
    for (const [start, end] of found) {
      kept += text.slice(from, start) + REDACTED;
      from = end;
    }
    return kept + text.slice(from);
  }
}
