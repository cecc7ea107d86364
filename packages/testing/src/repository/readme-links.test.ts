import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { readText, repositoryFiles, root } from "./repository.ts";

const pages = () => repositoryFiles().filter((path) => path.endsWith(".md") && existsSync(join(root, path)));

function linksOf(page: string): string[] {
  return [...readText(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that a page's headings make, as GitHub does. */
function anchorsOf(page: string): string[] {
  return [...readText(page).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("every link of every page leads to a file of the repository", () => {
  const dead = pages().flatMap((page) =>
    linksOf(page)
      .filter((target) => {
        const [file = "", anchor] = target.split("#");
        const path = file === "" ? page : join(dirname(page), file);
        if (!existsSync(join(root, path))) return true;
        return anchor !== undefined && path.endsWith(".md") && !anchorsOf(path).includes(anchor);
      })
      .map((target) => `${page} → ${target}`),
  );
  expect(dead).toEqual([]);
});

test("a run's life in the README leads from the example to the last line of history", () => {
  const life = /## A run's life\n([\s\S]*?)(\n## |$)/.exec(readText("README.md"))?.[1] ?? "";
  const rows = [...life.matchAll(/^\|\s*\d+\s*\|.*$/gm)].map(([row]) => row);
  expect(rows.length).toBeGreaterThanOrEqual(12);
  expect(rows.filter((row) => !/\]\([^)]+\)/.test(row))).toEqual([]);
  expect(rows[0]).toContain("examples/");
  expect(rows.at(-1)).toContain("history");
});

test("names that a page shows in code and that look like files exist", () => {
  const named = [...readText("README.md").matchAll(/`((?:apps|packages|prisma|examples|bench|docs)\/[\w./-]+)`/g)].map(
    ([, path = ""]) => path,
  );
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
