/** The word of a list that somebody may have meant, or null when none is near. @example didYouMean("clases", ["classes", "seal"]) // "classes" */
export function didYouMean(word: string, known: readonly string[]): string | null {
  if (word.length > LONGEST) return null;
  const far = Math.max(1, Math.floor(word.length / 3)) + 1;
  let best: string | null = null;
  let least = far;
  for (const one of known) {
    const distance = edits(word.toLowerCase(), one.toLowerCase());
    if (distance < least) [best, least] = [one, distance];
  }
  return best;
}

/** Nothing that is longer is near to any key. */
const LONGEST = 40;

/** Letters that must be put in, taken out or changed to make one word of the other. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
