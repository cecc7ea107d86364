import type { HoldingsQuery } from "../generated/operations.ts";
import { DECIDED_CLASSES } from "./policy-lines.ts";

/** What one column of the cloud's database holds. */
export type ColumnHolding = HoldingsQuery["holdings"][number];

/** How many values there are, and what the cloud can make of them. */
export interface Counts {
  readonly values: number;
  readonly sealed: number;
  readonly pseudonyms: number;
  readonly plain: number;
  /** There are older ones, which were not counted. */
  readonly isMore: boolean;
}

/** What is held of one class of data. */
export interface ClassHoldings extends Counts {
  readonly dataClass: string;
  readonly columns: readonly ColumnHolding[];
}

const ORDER = Object.keys(DECIDED_CLASSES);

/** What is held, by class: those first about which a policy file decides. */
export function byClass(holdings: readonly ColumnHolding[]): ClassHoldings[] {
  const groups = Object.groupBy(holdings, ({ dataClass }) => dataClass);
  const rank = (dataClass: string) => (ORDER.includes(dataClass) ? ORDER.indexOf(dataClass) : ORDER.length);
  return Object.entries(groups)
    .map(([dataClass, columns = []]) => ({ dataClass, columns, ...sumOf(columns) }))
    .toSorted((a, b) => rank(a.dataClass) - rank(b.dataClass));
}

/** Several counts as one. */
export function sumOf(all: readonly Counts[]): Counts {
  const sum = (name: "values" | "sealed" | "pseudonyms" | "plain") => all.reduce((to, each) => to + each[name], 0);
  return {
    values: sum("values"),
    sealed: sum("sealed"),
    pseudonyms: sum("pseudonyms"),
    plain: sum("plain"),
    isMore: all.some(({ isMore }) => isMore),
  };
}
