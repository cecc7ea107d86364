import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";

// GraphiQL: an editor that runs under the policy of the page. A visitor's test fails where the policy stops anything.

let stage: Stage;
beforeAll(async () => void (stage = await setStage()), 120_000);
afterAll(() => stage.end());

const editor = (page: Page, name = "Operation") => page.getByRole("textbox", { name });

async function write(page: Page, text: string, name?: string): Promise<void> {
  await editor(page, name).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

test("what is typed is completed and checked by the schema", async () => {
  const { page } = await stage.visit("/graphiql");
  await write(page, "{ viewer { ");
  await page.keyboard.type("perm");
  await page.getByRole("option", { name: /permissions/ }).click();
  await page.keyboard.insertText(" nobodyHasThis } }");
  await page.locator(".cm-lintRange-error", { hasText: "nobodyHasThis" }).hover();
  await page.getByText('Cannot query field "nobodyHasThis"').waitFor();
});

test("nothing that is typed is lost on a slow machine, and the editor keeps the keys when the schema comes", async () => {
  const { page } = await stage.visit("/");
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  const come = Promise.withResolvers<void>();
  await page.route("**/graphql", async (route) => {
    if (route.request().postData()?.includes("Introspection")) await come.promise;
    await route.continue();
  });
  await page.goto(`${stage.cloud.url}/graphiql`);
  await write(page, "");
  const text = "query Early { viewer { id } } # ".repeat(4);
  await page.keyboard.type(text.slice(0, 60));
  come.resolve();
  await page.getByText("Types and fields").first().waitFor();
  await page.keyboard.type(text.slice(60));
  await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  const letters = (of: string) => of.replaceAll(/\s/g, "");
  const typed = async () => letters(await editor(page).innerText());
  await expect.poll(typed, { timeout: 10_000 }).toBe(letters(text));
});

test("an answer comes with what it cost; variables and answers are not kept", async () => {
  const { page } = await stage.visit("/graphiql");
  await write(page, "query Values($prefix: String) { kvEntries(prefix: $prefix) { nodes { value } } }");
  await stage.weir(["kv", "set", "heron/name", '"a quiet one"']);
  await write(page, '{ "prefix": "heron/" }', "Variables");
  await page.keyboard.press("ControlOrMeta+Enter");
  await editor(page, "Answer").getByText("a quiet one").waitFor();
  await page.getByText(/cost \d+ of 20,000 fields/).waitFor();
  const kept = String(await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"));
  expect(kept).toContain("query Values");
  expect(kept).not.toContain("heron");
  expect(kept).not.toContain("a quiet one");
  await page.reload();
  await editor(page).getByText("query Values").waitFor();
});

test("keys of the page do nothing while somebody types, and a refusal is an answer", async () => {
  const { page } = await stage.visit("/graphiql");
  await write(page, "");
  await page.keyboard.type("gr ?");
  expect(new URL(page.url()).pathname).toBe("/graphiql");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.getByRole("button", { name: "Send" }).click();
  await editor(page, "Answer").getByText("Syntax Error").waitFor();
});

test("a subscription tells what happens until somebody stops it", async () => {
  await stage.weir(["register", "report.flow.ts"]);
  const started = await stage.json<{ flowRun: { id: string } }>(["run", "nightly-report", "--no-watch"]);
  const { id } = started.flowRun;
  const { page } = await stage.visit("/graphiql");
  await write(page, `subscription { flowRunUpdates(id: "${id}") { flowRun { state } } }`);
  await page.getByRole("button", { name: "Send" }).click();
  await editor(page, "Answer").getByText("Scheduled").waitFor();
  await stage.ask(`mutation ($id: ID!) { cancelFlowRun(id: $id) { __typename } }`, { id });
  await editor(page, "Answer").getByText("Cancelled").waitFor();
});

test("the docs of a type have an address, and fields are found by name", async () => {
  const { page } = await stage.visit("/graphiql?type=WaitingReason");
  await page.getByText("Each agent that could take it holds as many runs as it may.").waitFor();
  await page.getByLabel("Types and fields").fill("waitsFor");
  await page.getByText("Nothing of the schema is called like that.").waitFor();
  await page.getByLabel("Types and fields").fill("recoveryBackoff");
  await page.getByRole("button", { name: "FlowSettings.recoveryBackoffSeconds", exact: true }).click();
  expect(new URL(page.url()).searchParams.get("type")).toBe("FlowSettings");
});

test("a link holds the operation, and does not send it", async () => {
  const { page, requests } = await stage.visit("/");
  await page.goto(`${stage.cloud.url}/graphiql#query=${encodeURIComponent("mutation { resumeQueue { __typename } }")}`);
  await editor(page).getByText("resumeQueue").waitFor();
  expect(requests.filter((request) => request.includes("resumeQueue"))).toEqual([]);
  await page.getByText("Send an operation to see its answer").waitFor();
});
