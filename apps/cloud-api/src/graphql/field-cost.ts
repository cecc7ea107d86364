import { QUERY_LIMITS } from "./query-limits.ts";

/**
 * What a field costs whose value can be larger than 64 KiB: parameters, descriptions of flows, artifacts. A page of the most rows with one
 * of them is refused: ask for it on single things, or in smaller pages.
 */
export const COST_OF_LARGE = Math.floor(QUERY_LIMITS.cost / QUERY_LIMITS.maxPageSize) + 1;

/** What a field costs whose value can have up to 64 KiB, or more but seldom is there at all. A page of them is served, pages within pages are not. */
export const COST_OF_LONG = 10;

/** Lists without pages, of which nobody knows beforehand how long they are. */
export const ROWS_OF_A_LIST = 20;
