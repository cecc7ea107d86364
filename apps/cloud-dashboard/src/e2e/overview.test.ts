import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";

// The first look: what runs, what failed, what waits for a person.

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  stage.startAgent("box");
  await stage.weir(["run", "approval.flow.ts", "--no-watch", "--name", "asks-somebody"]);
  await stage.weir(["run", "endless.flow.ts", "--no-watch", "--name", "goes-on"]);
  await stage.weir(["run", "fragile.flow.ts", "--no-watch", "-p", "file=nowhere", "--name", "breaks"]);
}, 120_000);
afterAll(() => stage.end());

test("what waits for a person and what failed is told, with its reason, until it was seen", async () => {
  const { page } = await stage.visit("/");
  const needs = page.locator("section", { has: page.getByRole("heading", { name: "What needs a person" }) });
  await needs.getByText("asks-somebody").waitFor();
  await needs.getByText("publish: 3 pages will be published. Is that right?").waitFor();
  await needs.getByText("1 run failed since you were here").waitFor();
  await needs.getByText("TypeError: cannot parse column 7").waitFor();
  await needs.getByRole("button", { name: "Seen" }).click();
  await needs.getByText("breaks").waitFor({ state: "detached" });
  await needs.getByText("asks-somebody").waitFor();
});

test("each number leads to the runs that it counts", async () => {
  const { page } = await stage.visit("/");
  await page.getByRole("link", { name: "Running 1", exact: true }).waitFor();
  await page.getByRole("link", { name: "Failed in 24 hours 1", exact: true }).click();
  await page.getByText("1 run", { exact: true }).waitFor();
  await page.getByRole("link", { name: "breaks" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Running 1", exact: true }).click();
  await page.getByRole("link", { name: "goes-on" }).waitFor();
  expect(await page.locator("tr[data-item]").count()).toBe(1);
});

test("the history stands in a table too", async () => {
  const { page } = await stage.visit("/?history=7d");
  expect(await page.getByRole("button", { name: "7 days" }).getAttribute("aria-pressed")).toBe("true");
  await page.getByText("As a table").click();
  const table = page.getByRole("table", { name: "Runs by the time" });
  await table.getByRole("columnheader", { name: "failed" }).waitFor();
  const columns = [2, 3, 4, 5].map((nth) => table.locator(`tbody td:nth-child(${nth})`).allTextContents());
  const totals = (await Promise.all(columns)).map((cells) => cells.reduce((sum, cell) => sum + Number(cell), 0));
  expect(totals).toEqual([0, 1, 0, 2]);
});
