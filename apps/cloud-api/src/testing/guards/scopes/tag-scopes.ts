import { join } from "node:path";
import type { Vite } from "vitest/node";
import type { Guard } from "../guard.ts";
import { isOfStatement, tagOf } from "./scope-tag.ts";

/** Puts its tag behind each scope of the sources, so that it can be told in the statements that are sent. */
export function tagScopes(root: string, scopes: readonly Guard[]): Vite.Plugin {
  const byFile = Map.groupBy(scopes.filter(isOfStatement), ({ file }) => join(root, file));
  return {
    name: "tag-scopes",
    enforce: "pre",
    transform: (code, id) => {
      const tagged = byFile.get(id);
      return tagged === undefined
        ? null
        : { code: tagged.toSorted((a, b) => b.at - a.at).reduce(withTag, code), map: null };
    },
  };
}

function withTag(code: string, scope: Guard): string {
  const end = scope.at + scope.text.length;
  return `${code.slice(0, end)}${tagOf(scope)}${code.slice(end)}`;
}
