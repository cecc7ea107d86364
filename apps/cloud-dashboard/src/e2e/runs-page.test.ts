import { eventually } from "@weir/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";

// The list of runs with many in it: no agent takes them, so that they stay as they are.

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await stage.weir(["register", "report.flow.ts"]);
  for (let batch = 0; batch < 4; batch += 1) await start(Array.from({ length: 20 }, (_, n) => `row-${batch}-${n}`));
}, 120_000);
afterAll(() => stage.end());

/** Starts runs with these names, the first first. */
async function start(names: readonly string[]): Promise<void> {
  const input = (name: string) => ({ project: "default", flow: "nightly-report", name, labels: ["gpu"] });
  for (const name of names)
    await stage.ask(`mutation ($input: CreateFlowRunInput!) { createFlowRun(input: $input) { __typename } }`, {
      input: input(name),
    });
}

const rowsOf = (page: Page) => page.locator("tbody tr[data-item]");
const namesOf = (page: Page) => rowsOf(page).locator("a.font-medium").allTextContents();

test("only what is in sight is drawn, and what follows is loaded on the way down", async () => {
  const { page } = await stage.visit("/runs");
  await page.getByText("80 runs").waitFor();
  expect((await namesOf(page))[0]).toBe("row-3-19");
  expect(await rowsOf(page).count()).toBeLessThan(50);
  await eventually(async () => {
    await page.mouse.wheel(0, 2_000);
    return (await namesOf(page)).at(-1) === "row-0-0";
  });
});

test("a list that somebody reads stands still; what is new waits behind a button", async () => {
  const { page } = await stage.visit("/runs");
  await rowsOf(page).first().waitFor();
  await page.mouse.wheel(0, 600);
  await eventually(async () => Number(await page.evaluate("scrollY")) > 300);
  const top = await rowsOf(page).getByText("row-3-10", { exact: true }).boundingBox();
  await start(["fresh"]);
  const button = page.getByRole("button", { name: "Show 1 new run" });
  await button.waitFor();
  expect(await rowsOf(page).getByText("row-3-10", { exact: true }).boundingBox()).toEqual(top);
  await button.click();
  await eventually(async () => (await namesOf(page))[0] === "fresh");
});

test("filters stand in the address, and an address brings them back", async () => {
  const { page } = await stage.visit("/runs");
  await page.getByLabel("Name contains").fill("row-2-1");
  await page.getByText("11 runs").waitFor();
  await page.getByRole("button", { name: "Failed", exact: true }).click();
  await page.getByText("No run is like this").waitFor();
  const { search } = new URL(page.url());
  const { page: other } = await stage.visit(`/runs${search}`);
  await other.getByText("No run is like this").waitFor();
  expect(await other.getByLabel("Name contains").inputValue()).toBe("row-2-1");
  expect(await other.getByRole("button", { name: "Failed", exact: true }).getAttribute("aria-pressed")).toBe("true");
});

test("a view is kept under a name, and forgotten again", async () => {
  const { page } = await stage.visit("/runs?name=row-1");
  await page.getByRole("button", { name: "Keep this view" }).click();
  await page.getByLabel("Its name").fill("first ones");
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("link", { name: "All" }).click();
  await page.getByText(/^8\d runs$/).waitFor();
  await page.getByRole("link", { name: "first ones" }).click();
  await page.getByText("20 runs").waitFor();
  await page.getByRole("button", { name: "Forget the view first ones" }).click();
  expect(await page.getByRole("link", { name: "first ones" }).count()).toBe(0);
});

test("the keyboard goes through the list, chooses, and opens", async () => {
  const { page } = await stage.visit("/runs?name=row-1-1");
  await rowsOf(page).first().waitFor();
  const names = await namesOf(page);
  for (const key of ["j", "j", "x", "k", "x"]) await page.keyboard.press(key);
  await page.getByText("2 runs chosen").waitFor();
  expect(await page.getByRole("checkbox", { checked: true }).count()).toBe(2);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: names[1] ?? "none" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.waitForURL("**/flows");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find something" }).waitFor();
  await page.keyboard.type("row-1-7");
  await page.getByRole("option", { name: "row-1-7", selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/runs/*");
});

/** Cancels what is chosen, once the page has told how many runs that are. */
async function cancel(page: Page, told = "will be cancelled"): Promise<void> {
  await page.getByRole("region", { name: "Chosen runs" }).getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("dialog").getByText(told).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
}

test("all that a filter finds is cancelled when it is still as many; what refuses is told", async () => {
  const { page } = await stage.visit("/runs?name=row-0");
  await page.getByText("20 runs").first().waitFor();
  await page.getByLabel("Choose row-0-7").click();
  await page.getByRole("button", { name: "Choose all 20" }).click();
  await page.getByText("20 runs chosen: all that the filter finds").waitFor();
  await start(["row-0-late"]);
  await cancel(page, "20 runs will be cancelled");
  await page.getByText("21 runs are meant now, not 20: nothing was changed.").waitFor();
  await page.getByRole("button", { name: "Leave it" }).click();
  await page.getByRole("button", { name: "Choose none" }).click();
  await page.getByText("21 runs").first().waitFor();
  await page.getByLabel("Choose row-0-7").click();
  await page.getByLabel("Choose row-0-9").click({ modifiers: ["Shift"] });
  await page.getByText("3 runs chosen").waitFor();
  await cancel(page);
  await page.getByText("3 runs cancelled.").waitFor();
  await page.getByLabel("Choose row-0-7").click();
  await page.getByLabel("Choose row-0-6").click();
  await cancel(page);
  await page.getByText("1 run cancelled.").waitFor();
  await page.getByText("1 run left as it was:").waitFor();
});
