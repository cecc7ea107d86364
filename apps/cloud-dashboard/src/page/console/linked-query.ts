// In the fragment: what stands there reaches no server, and so no log of one.

const BEGINNING = "#query=";

/** The address of the console with an operation in it. @param page such as `https://weir.example.org/graphiql` */
export function linkTo(page: string, query: string): string {
  return `${page}${BEGINNING}${encodeURIComponent(query)}`;
}

/** The operation that stands in an address's fragment; null: none does. It is shown, and never sent by itself. */
export function linkedQuery(hash: string): string | null {
  if (!hash.startsWith(BEGINNING)) return null;
  try {
    return decodeURIComponent(hash.slice(BEGINNING.length));
  } catch {
    return null;
  }
}
