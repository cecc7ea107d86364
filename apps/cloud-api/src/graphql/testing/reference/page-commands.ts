/** A block of commands of docs/graphql.md. */
export interface PageCommand {
  /** The heading above it. */
  readonly heading: string;
  readonly text: string;
  /** What its answer holds; null: the page does not say. */
  readonly answer: object | null;
}

/** All blocks of `sh` of a page, in order; the `json` that stands below one, with nothing between, is its answer. */
export function pageCommands(page: string): PageCommand[] {
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)\n```(?:\n\n```json\n([\s\S]*?)\n```)?/g)];
  return blocks.map(({ index, 1: text = "", 2: answer }) => ({
    heading: /.*^#+ `?([^\n`]+)`?$/ms.exec(page.slice(0, index))?.[1] ?? "",
    text,
    answer: answer === undefined ? null : (JSON.parse(answer) as object),
  }));
}
