/** Stores for results, also as `@weir/results`. */
export * from "@weir/results";
