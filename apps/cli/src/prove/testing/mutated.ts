import type { Mutant } from "./mutants.ts";

/** The source with the step taken out. @throws Error when a text is not there exactly once */
export function mutated({ name, file, edits }: Mutant, source: string): string {
  let text = source;
  for (const [from, to] of edits) {
    const pieces = text.split(from);
    if (pieces.length !== 2)
      throw new Error(
        `${file} has ${JSON.stringify(from)} of the mutant "${name}" ${pieces.length - 1} times, not once.`,
      );
    text = pieces.join(to);
  }
  return text;
}
