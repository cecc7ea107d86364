import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as sdk from "@weir/sdk";
import { testRun } from "@weir/sdk/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { moduleOf, type Snippet, snippetsOf } from "./snippets.ts";

// What the docs show compiles and does what they say. Snippets are written below this folder, so that they find its packages.

const folder = join(import.meta.dirname, ".weir", `snippets-${process.pid}`);
const root = resolve(import.meta.dirname, "../..");
const snippets = ["from-prefect-1.md", "testing.md", "secrets.md"].flatMap((page) => snippetsOf(page));
const titleOf = ({ page, line }: Snippet): string => `docs/${page}:${line}`;
const fileOf = ({ page, line }: Snippet): string => join(folder, `${page.replace(".md", "")}-${line}.ts`);

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: { noUnusedLocals: false, typeRoots: [join(root, "node_modules/@types")] },
      include: ["*.ts"],
    }),
  );
  for (const snippet of snippets) writeFileSync(fileOf(snippet), moduleOf(snippet, Object.keys(sdk)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every snippet compiles", async () => {
  const compiled = await promisify(execFile)(join(root, "node_modules/.bin/tsc"), ["-p", folder], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error);
  expect(compiled.stdout).toBe("");
});

interface Loaded {
  readonly default?: unknown;
  readonly claims: readonly { readonly args: readonly unknown[]; readonly state: string; readonly value?: unknown }[];
}

test.for(snippets.map((snippet) => [titleOf(snippet), snippet] as const))(
  "%s does what it says",
  async ([, snippet]) => {
    const { default: flow, claims } = (await import(pathToFileURL(fileOf(snippet)).href)) as Loaded;
    for (const { args, state, value } of claims) {
      const ended = await testRun(flow as Parameters<typeof testRun>[0], args[0] as never);
      expect([ended.state, ended.value, ended.failure?.message]).toEqual([state, value, undefined]);
    }
  },
);

test("there are snippets, and most of them say what they give", () => {
  expect(snippets.length).toBeGreaterThan(20);
  expect(snippets.filter(({ claims }) => claims.length > 0).length).toBeGreaterThan(18);
});
