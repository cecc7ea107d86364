import { findGuards } from "../find-guards.ts";
import type { Guard } from "../guard.ts";

/** The tenant in the statements: all guards of this kind, in the order of their numbers. */
export function findScopes(root: string): Guard[] {
  return findGuards(root).filter(({ kind }) => kind === "scope");
}

/** Whether a scope stands in a statement of ours; the others stand in conditions that Prisma makes statements of. */
export function isOfStatement({ text }: Guard): boolean {
  return !text.startsWith("where: ");
}

/** What a scope is followed by in the statement that it stands in. */
export function tagOf(number: number): string {
  return `/*scope:${number}*/`;
}

/** Finds the tags of a statement. */
export const TAG = /\/\*scope:(\d+)\*\//g;
