import { present, searchNumber } from "./search-text.ts";

/** What the address of a version says. */
export interface VersionSearch {
  /** Number of the version to compare with; absent: the one before. */
  readonly with?: number;
}

export function readVersionSearch({ with: other }: Record<string, unknown>): VersionSearch {
  return present({ with: searchNumber(other) });
}
