import { STATE_NAMES } from "@weir/protocol";
import { expect, test } from "vitest";
import { DASHBOARD_CSP, dashboardFiles } from "./index.ts";

const files = dashboardFiles();
const bodyOf = (path: string) => files.find((file) => file.path === path)?.body ?? "";

test("every address that the page names is one of its files", () => {
  const named = [...bodyOf("/").matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address]) => address);
  expect(named.length).toBeGreaterThan(3);
  for (const address of named) expect(files.map((file) => file.path)).toContain(address);
});

test("no file asks a third party for anything", () => {
  // The name of the SVG namespace is a name: nothing is fetched from it.
  const texts = files.map((file) => file.body.replaceAll('xmlns="http://www.w3.org/2000/svg"', ""));
  for (const text of texts) expect(text).not.toMatch(/https?:|url\(|@import|["'(]\/\//);
});

test("the page needs no inline code or style, so the policy allows none", () => {
  const page = bodyOf("/");
  expect(page).not.toMatch(/<style|style="|<script(?![^>]*src=)|\son\w+="|javascript:/i);
  expect(DASHBOARD_CSP).not.toMatch(/unsafe|\*|https?:/);
});

test("text reaches the page as text alone", () => {
  expect(bodyOf("/dashboard.js")).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/,
  );
});

test("the key is kept for the tab's life and no longer", () => {
  expect(bodyOf("/dashboard.js")).not.toMatch(/localStorage|document\.cookie|indexedDB/);
});

test("every element that the program asks for is in the page", () => {
  const asked = [...bodyOf("/dashboard.js").matchAll(/(?:element|say)\("([\w-]+)"/g)].map(([, id]) => id);
  for (const id of new Set(asked)) expect(bodyOf("/")).toContain(`id="${id}"`);
});

test("every state of the protocol has its colour", () => {
  for (const state of STATE_NAMES) expect(bodyOf("/states.css")).toContain(`[data-state="${state}"]`);
});
