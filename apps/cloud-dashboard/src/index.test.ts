import { brotliDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { DASHBOARD_CSP, DASHBOARD_PAGES, dashboardFiles } from "./index.ts";

const files = dashboardFiles();
const bodyOf = (path: string) => files.find((file) => file.path === path)?.body.toString() ?? "";

test("every address that the page names is one of its files", () => {
  const named = [...bodyOf("/index.html").matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address]) => address);
  expect(named.length).toBeGreaterThan(2);
  for (const address of named) expect(files.map((file) => file.path)).toContain(address);
});

test("the page needs no inline code or style, so the policy allows none", () => {
  expect(bodyOf("/index.html")).not.toMatch(/<style|style="|<script(?![^>]*src=)|\son\w+="|javascript:|https?:/i);
  expect(DASHBOARD_CSP).not.toMatch(/unsafe|\*|https?:|data:/);
});

test("what is packed is what lies beside it, and every text is packed", () => {
  const texts = files.filter(({ type }) => /text|svg/.test(type));
  expect(texts.length).toBeGreaterThan(20);
  for (const { body, packed } of texts) expect(brotliDecompressSync(packed ?? Buffer.of()).equals(body)).toBe(true);
});

test("whatever may be kept for ever has its content in its name", () => {
  for (const { path, isForEver } of files) expect([path, isForEver]).toEqual([path, /-[\w-]{8}\.\w+$/.test(path)]);
});

test("no page has the address of a file, or of what the cloud answers", () => {
  const taken = [...files.map(({ path }) => path), "/graphql", "/v1", "/auth", "/health", "/ready"];
  expect(DASHBOARD_PAGES.filter((path) => taken.includes(path))).toEqual([]);
});
