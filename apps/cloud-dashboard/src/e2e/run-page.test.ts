import type { Page } from "playwright-core";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";

// A run from its creation to its end, as somebody sees it who looks at its page and does not load it again.

/** Many calls of one task, and a map. Where it is asked to fail, child 7 does, until a restart. */
const WIDE = `
import { existsSync, writeFileSync } from "node:fs";
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";

const list = task("list", (sign: number) => Array.from({ length: 12 }, (_, index) => sign * index));
const call = task("call", (index: number) => index);
const parse = task("parse", (index: number) => {
  run.log.info("parsing " + Math.abs(index));
  if (index !== -7 || existsSync("mended")) return index;
  writeFileSync("mended", "");
  throw new RangeError("file 7 ends too early");
});
const sum = task("sum", (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0));

const parameters = z.object({ calls: z.number().default(0), fails: z.boolean().default(false) });
export default flow("wide", { parameters }, async ({ calls, fails }) => {
  const numbers = await list(fails ? -1 : 1);
  await Promise.all(Array.from({ length: calls }, (_, index) => call(index)));
  return await sum(parse.map(numbers));
});
`;

/** Every value is awaited before it is handed on: objects by one flow, numbers by the other. */
const AWAITED = `
import { flow, task } from "@weir/sdk";

const load = task("load", () => [{ row: 1 }, { row: 2 }]);
const tidy = task("tidy", (rows: readonly { row: number }[]) => rows.filter(({ row }) => row > 0));
const send = task("send", ({ row }: { row: number }) => ({ sent: row }));
const close = task("close", (sent: readonly { sent: number }[]) => sent.length);

export const objects = flow("objects", async () => {
  const rows = await load();
  const sent = [];
  for (const row of await tidy(rows)) sent.push(await send(row));
  return await close(sent);
});

const one = task("one", () => 1);
const twice = task("twice", (n: number) => n * 2);

export const numbers = flow("numbers", async () => await twice(await one()));
`;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ files: { "wide.flow.ts": WIDE, "awaited.flow.ts": AWAITED } });
  stage.startAgent("box");
}, 120_000);
afterAll(() => stage.end());

async function start(...args: readonly string[]): Promise<string> {
  const { flowRun } = await stage.json<{ flowRun: { id: string } }>(["run", ...args, "--no-watch"]);
  return flowRun.id;
}

const stateOf = (page: Page) => page.locator("h1 span.border").innerText();
const lines = (page: Page) => page.getByRole("group", { name: /^Timeline/ }).getByRole("listitem");

async function confirm(page: Page, verb: string): Promise<void> {
  await page.getByRole("button", { name: verb, exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: verb, exact: true }).click();
}

test("it says why it waits, and what happens is seen as it happens: a failure with its cause, and the restart", async () => {
  const id = await start("wide.flow.ts", "--label", "mill", "-p", "fails=true");
  const { page } = await stage.visit(`/runs/${id}`);
  await page.getByRole("heading", { name: "Why it waits" }).waitFor();
  await page.getByText("weir agent start --label mill").waitFor();
  stage.startAgent("mill", { WEIR_AGENT_LABELS: "mill" });
  await page.getByRole("heading", { name: "Why it failed" }).waitFor();
  expect(await stateOf(page)).toBe("Failed");
  await page.getByText("file 7 ends too early").first().waitFor();
  await confirm(page, "Restart from failed");
  await eventually(async () => (await stateOf(page)) === "Success");
  expect(await page.getByRole("heading", { name: "Why it failed" }).count()).toBe(0);
  await page.getByRole("button", { name: "Attempt 2" }).waitFor();
});

test("a map is one line that opens; the address keeps it open; each child has a page", async () => {
  const id = await start("wide.flow.ts");
  const { page } = await stage.visit(`/runs/${id}`);
  await eventually(async () => (await stateOf(page)) === "Success");
  await eventually(async () => (await lines(page).count()) === 3);
  await page.getByRole("button", { name: "Open parse" }).click();
  await eventually(async () => (await lines(page).count()) === 15);
  await page.reload();
  await eventually(async () => (await lines(page).count()) === 15);
  await lines(page).getByRole("link", { name: "parse [7]" }).click();
  await page.getByRole("heading", { level: 1, name: /parse \[7\]/ }).waitFor();
  await page.getByText("parsing 7").waitFor();
  await page.getByRole("link", { name: /^task run \d+$/ }).click();
  await page.getByRole("heading", { name: "12 children" }).waitFor();
});

test("of many task runs those in sight are drawn, in the timeline and in the table", async () => {
  const id = await start("wide.flow.ts", "-p", "calls=900");
  const { page } = await stage.visit(`/runs/${id}`);
  await eventually(async () => (await stateOf(page)) === "Success");
  await page.getByRole("link", { name: "Tasks 915" }).waitFor();
  expect(await lines(page).count()).toBeLessThan(80);
  await page.getByRole("link", { name: "Tasks 915" }).click();
  const table = page.getByRole("table", { name: "Task runs" });
  await table.waitFor();
  expect(await table.getAttribute("aria-rowcount")).toBe("916");
  expect(await table.getByRole("row").count()).toBeLessThan(80);
  await page.getByLabel("Task, key or tag").fill("sum");
  await eventually(async () => (await table.getByRole("row").count()) === 2);
  expect(new URL(page.url()).searchParams.get("task")).toBe("sum");
});

test("the timeline is zoomed by keys and by drag, and the address says what it shows", async () => {
  const id = await start("wide.flow.ts");
  const { page } = await stage.visit(`/runs/${id}`);
  await eventually(async () => (await stateOf(page)) === "Success");
  const timeline = page.getByRole("group", { name: /^Timeline/ });
  await timeline.press("+");
  await page.waitForURL(/zoom=/);
  await timeline.press("0");
  await page.waitForURL((url) => !url.searchParams.has("zoom"));
  const box = await page.locator("[data-lane]").boundingBox();
  if (box === null) throw new Error("The timeline has no axis.");
  await page.mouse.move(box.x + 50, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 150, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/zoom=/);
});

test("the graph is drawn under the page's policy, a box a task, and a box leads to its page", async () => {
  const id = await start("wide.flow.ts");
  const { page } = await stage.visit(`/runs/${id}?tab=graph`);
  await eventually(async () => (await stateOf(page)) === "Success");
  const boxes = page.locator(".react-flow__node");
  await eventually(async () => (await boxes.count()) === 3);
  await boxes.filter({ hasText: "12 Success" }).getByRole("link", { name: "parse" }).click();
  await page.getByRole("heading", { name: "12 children" }).waitFor();
});

test("objects that were awaited draw arrows; where nothing does, the graph says why", async () => {
  const objects = await stage.visit(`/runs/${await start("awaited.flow.ts", "--flow", "objects")}?tab=graph`);
  const arrows = objects.page.locator(".react-flow__edge");
  await eventually(async () => {
    const drawn = await arrows.evaluateAll((all) => all.map((arrow) => arrow.getAttribute("aria-label")));
    expect(drawn.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      "from load to tidy",
      "from send to close",
      "from send to close",
      "from tidy to send",
      "from tidy to send",
    ]);
  });
  const why = "No arrows: no task run was handed an object that another one had returned.";
  expect(await objects.page.getByText(why).count()).toBe(0);
  const numbers = await stage.visit(`/runs/${await start("awaited.flow.ts", "--flow", "numbers")}?tab=graph`);
  await numbers.page.getByText(why).waitFor();
  expect(await numbers.page.locator(".react-flow__edge").count()).toBe(0);
  await numbers.page.getByRole("link", { name: "twice" }).click();
  await numbers.page.getByText("Nothing that is known: numbers and text do not tell").waitFor();
});

test("whoever may lets a run go on, and the word stands in its history", async () => {
  const id = await start("approval.flow.ts");
  const { page } = await stage.visit(`/runs/${id}`);
  await page.getByText("3 pages will be published. Is that right?").first().waitFor();
  await page.getByRole("button", { name: "Approve…" }).click();
  await page.getByLabel("Message").fill("looked at all <b>three</b>");
  await page.getByRole("dialog").getByRole("button", { name: "Approve…" }).click();
  await eventually(async () => (await stateOf(page)) === "Success");
  await page.getByRole("link", { name: "States" }).click();
  await page.getByText("looked at all <b>three</b>").first().waitFor();
});

test("a run that goes on is cancelled; what is over is not cancelled again", async () => {
  const id = await start("endless.flow.ts");
  const { page } = await stage.visit(`/runs/${id}`);
  await eventually(async () => (await stateOf(page)) === "Running");
  await confirm(page, "Cancel");
  await eventually(async () => (await stateOf(page)) === "Cancelled");
  expect(await page.getByRole("button", { name: "Cancel", exact: true }).count()).toBe(0);
});

test("a run is marked by hand with a reason, and called by another name", async () => {
  const id = await start("wide.flow.ts", "--label", "nobody-has-this");
  const { page } = await stage.visit(`/runs/${id}`);
  await page.getByRole("button", { name: "Rename…" }).click();
  await page.getByLabel("Name of the run").fill("renamed & marked");
  await page.getByRole("dialog").getByRole("button", { name: "Rename…" }).click();
  await page.getByRole("heading", { level: 1, name: "renamed & marked" }).waitFor();
  await page.getByRole("button", { name: "Mark as…" }).click();
  await page.getByLabel("State").selectOption("Failed");
  await page.getByLabel("Reason").fill("nobody will run it");
  await page.getByRole("dialog").getByRole("button", { name: "Mark as…" }).click();
  await eventually(async () => (await stateOf(page)) === "Failed");
  await page.getByText("nobody will run it").first().waitFor();
});

/** A key of these permissions alone. */
async function keyOf(...permissions: readonly string[]): Promise<string> {
  const { createApiKey } = await stage.ask<{ createApiKey: { key: string } }>(
    "mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeyPayload { key } } }",
    { input: { name: permissions.join(" "), scope: "user", permissions } },
  );
  return createApiKey.key;
}

test("whoever may only look sees no buttons; who may not even see what the page needs is told what is missing", async () => {
  const id = await start("approval.flow.ts");
  const looks = ["project:read", "flow:read", "run:read", "agent:read", "limit:read"];
  const { page } = await stage.visit(`/runs/${id}`, { key: await keyOf(...looks) });
  await page.getByRole("heading", { name: "Why it waits" }).waitFor();
  const buttons = page.locator("main header, section[aria-labelledby=waits]").getByRole("button");
  expect((await buttons.allTextContents()).filter((text) => text !== "")).toEqual([]);
  const { page: other } = await stage.visit(`/runs/${id}`, { key: await keyOf("run:read") });
  await other
    .getByText(/flow:read/)
    .first()
    .waitFor();
});

test("two runs stand side by side: what they were given, and what ended otherwise", async () => {
  const one = await start("report.flow.ts", "-p", "region=us");
  const other = await start("report.flow.ts", "-p", "fails=true");
  const { page } = await stage.visit(`/runs/${one}/compare/${other}`);
  await page.getByRole("row", { name: /^region/ }).waitFor();
  expect(await page.getByRole("row", { name: /^region/ }).innerText()).toMatch(/us[\s\S]*eu/);
  await page
    .getByRole("row", { name: /^fetch-orders/ })
    .first()
    .waitFor();
});
