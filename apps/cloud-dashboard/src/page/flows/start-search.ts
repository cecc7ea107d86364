import { present, searchText } from "./search-text.ts";

/** What the address of the form says. */
export interface StartSearch {
  /** A run whose parameters the form begins with. */
  readonly from?: string;
  /** `json`: parameters as text. */
  readonly as?: "json";
}

export function readStartSearch({ from, as }: Record<string, unknown>): StartSearch {
  return present({ from: searchText(from), as: as === "json" ? ("json" as const) : undefined });
}
