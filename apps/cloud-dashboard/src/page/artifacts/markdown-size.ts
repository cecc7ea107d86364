/** Characters of Markdown that are laid out; a longer text is shown as it is. */
const MOST_CHARACTERS = 20_000;
/** Marks of which many take more than their share: the time for them grows with their square. */
const MOST_MARKS: ReadonlyMap<string, number> = new Map([
  ["~", 400],
  ["|", 5_000],
  ["](", 1_000],
  ["[^", 400],
]);
/** Quotations and lists in each other. Thousands would take more stack than a browser has. */
const MOST_NESTED = 40;

/** Whether a text of Markdown can be laid out without holding up the page. */
export function canLayOut(markdown: string): boolean {
  return (
    markdown.length <= MOST_CHARACTERS &&
    [...MOST_MARKS].every(([mark, most]) => markdown.split(mark).length - 1 <= most) &&
    markdown.split("\n").every((line) => nesting(line) <= MOST_NESTED)
  );
}

/** Marks in a row at a line's begin, each of which may open something in what the one before has opened. */
function nesting(line: string): number {
  const marks = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/.exec(line)?.[0] ?? "";
  const indents = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return Math.max(marks.match(/[>\-+*.)]/g)?.length ?? 0, indents / 2);
}
