/** A text of the address, where the router has made a number or a truth value of it; undefined: there is none. */
export function searchText(value: unknown): string | undefined {
  const isTold = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isTold && value !== "" ? String(value) : undefined;
}

/** A whole number from 1; undefined: it is none. */
export function searchNumber(value: unknown): number | undefined {
  const number = Number(searchText(value));
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Without what is undefined, so that the address holds no empty words. */
export function present<T extends object>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
