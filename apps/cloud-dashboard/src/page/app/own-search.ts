/**
 * What a page reads of its address, and nothing else of it. The router hands on whatever `read` left out as it came, and with it texts, lists and objects that
 * no page expects there.
 * @example validateSearch: ownSearch(readRunsSearch)
 */
export function ownSearch<Search extends object>(read: (given: Record<string, unknown>) => Search) {
  return (given: Record<string, unknown>): Search => ({
    ...Object.fromEntries(Object.keys(given).map((name) => [name, undefined])),
    ...read(given),
  });
}
