import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutation } from "./mutation.ts";

/** Mutations whose text stands no longer exactly once in its file: the code has changed, and the list must follow. */
export function lostMutations(root: string, mutations: readonly Mutation[]): Mutation[] {
  return mutations.filter(({ file, find }) => {
    const text = readFileSync(join(root, "packages", "sdk", "src", file), "utf8");
    return text.split(find).length !== 2;
  });
}
