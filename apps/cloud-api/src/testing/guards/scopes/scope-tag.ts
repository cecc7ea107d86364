import { createHash } from "node:crypto";
import { findGuards } from "../find-guards.ts";
import type { Guard } from "../guard.ts";

/** The tenant in the statements: all guards of this kind. */
export function findScopes(root: string): Guard[] {
  return findGuards(root).filter(({ kind }) => kind === "scope");
}

/** Whether a scope stands in a statement of ours; the others stand in conditions that Prisma makes statements of. */
export function isOfStatement({ text }: Guard): boolean {
  return !text.startsWith("where: ");
}

/** What a scope is known by in a statement. Made of its name, not of its place: what was compiled before another came is kept. */
export function idOf({ name }: Guard): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 12);
}

/** What a scope is followed by in the statement that it stands in. */
export function tagOf(scope: Guard): string {
  return `/*scope:${idOf(scope)}*/`;
}

/** Finds the tags of a statement. */
export const TAG = /\/\*scope:(\w+)\*\//g;
