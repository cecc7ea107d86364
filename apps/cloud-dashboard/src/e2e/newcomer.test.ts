import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";
import type { Visitor } from "./testing/visitor.ts";

// The first quarter of an hour of somebody who has never seen it: a tenant of their own and nothing in it.

let stage: Stage;
let url: string;
let person: Visitor;
let key = "";

beforeAll(async () => {
  stage = await setStage();
  // Browsers take cookies that are `Secure` over plain HTTP from this name alone.
  url = stage.cloud.url.replace("127.0.0.1", "localhost");
}, 120_000);
afterAll(() => stage.end());

const NEWCOMER = { email: "grace@example.com", password: "a bridge over the weir", tenant: "Grace & Co" };

test("a newcomer's first quarter of an hour", { timeout: 300_000 }, async () => {
  person = await stage.visit("/", { url, key: null, signedOut: true });
  await signUp();
  await enrolAgent();
  await register();
  await startWithTheForm();
  await seeFailureAndReadTheLog();
  await restart();
  await approve();
  await cancel();
});

/** Goes by the menu. */
async function goTo(page: string): Promise<void> {
  await person.page.getByRole("link", { name: page, exact: true }).click();
  await person.page.getByRole("heading", { level: 1, name: page }).waitFor();
  await person.settled();
}

async function signUp(): Promise<void> {
  const { page } = person;
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByLabel("Name of your tenant").fill(NEWCOMER.tenant);
  await page.getByLabel("E-mail").fill(NEWCOMER.email);
  await page.getByLabel("Password", { exact: true }).fill(NEWCOMER.password);
  await page.keyboard.press("Enter");
  await page.getByText(NEWCOMER.tenant).first().waitFor();
}

async function enrolAgent(): Promise<void> {
  const { page } = person;
  await goTo("Agents");
  await page.getByRole("link", { name: /enrol/i }).first().click();
  await page.getByRole("button", { name: "Make the key" }).click();
  const agentKey = (await page.getByText(/^weir_a_/).textContent()) ?? "";
  await page.getByText("Waiting for the agent").waitFor();
  stage.startAgent("desk", { WEIR_API_URL: url, WEIR_AGENT_KEY: agentKey });
  await page.getByText(/desk is here/).waitFor();
}

async function register(): Promise<void> {
  const { page } = person;
  await goTo("API keys");
  await page.getByRole("button", { name: "Make a key" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("mine");
  await dialog.getByRole("button", { name: /^Make/ }).click();
  key = (await page.getByText(/^weir_u_/).textContent()) ?? "";
  await page.keyboard.press("Escape");
  for (const file of ["fragile.flow.ts", "approval.flow.ts", "endless.flow.ts", "report.flow.ts"])
    await stage.weir(["register", file, "--create-project"], { WEIR_API_URL: url, WEIR_API_KEY: key });
}

/** Opens the form of a flow. */
async function formOf(flow: string): Promise<void> {
  await goTo("Flows");
  await person.page.getByRole("link", { name: flow, exact: true }).click();
  await person.page.getByRole("main").getByRole("link", { name: "Run now" }).first().click();
  await person.page.getByRole("heading", { level: 1, name: `Run ${flow}` }).waitFor();
}

async function startIt(): Promise<void> {
  await person.page.getByRole("button", { name: "Start it" }).click();
  await person.page.waitForURL(/\/runs\/[\w-]{36}/);
}

const badge = (state: string) =>
  person.page.getByRole("banner").or(person.page.locator("header")).getByText(state, { exact: true }).first();

async function startWithTheForm(): Promise<void> {
  await formOf("nightly-report");
  await person.page.getByLabel("region").selectOption({ label: "us" });
  await startIt();
  // The page is not loaded again: what happens comes to it.
  await badge("Success").waitFor();
  await person.page.getByText("fetch-orders").first().waitFor();
}

const allowed = () => join(stage.folder, "allowed");

async function seeFailureAndReadTheLog(): Promise<void> {
  const { page } = person;
  await formOf("fragile-import");
  await page.getByRole("textbox", { name: /^file/ }).fill(allowed());
  await startIt();
  await page.getByRole("heading", { name: "Why it failed" }).waitFor();
  await page.getByText("cannot parse column 7").first().waitFor();
  await page.getByText("unexpected end at line 12").first().waitFor();
  await page
    .getByRole("tab", { name: "Logs" })
    .or(page.getByRole("link", { name: "Logs", exact: true }))
    .first()
    .click();
  await page.getByText("row 7 of 5 is broken").first().waitFor();
  await page.goBack();
}

async function restart(): Promise<void> {
  await writeFile(allowed(), "");
  await press("Restart from failed");
  await badge("Success").waitFor();
}

/** Presses a button that asks once more. */
async function press(verb: string): Promise<void> {
  await person.page.getByRole("button", { name: verb, exact: true }).click();
  await person.page.getByRole("dialog").getByRole("button", { name: verb, exact: true }).click();
}

async function approve(): Promise<void> {
  const { page } = person;
  await formOf("publication");
  await startIt();
  await page.getByText("3 pages will be published. Is that right?").first().waitFor();
  await page.getByRole("button", { name: "Approve…" }).first().click();
  await page.getByRole("dialog").getByLabel("Message").fill("looks right");
  await page.getByRole("dialog").getByRole("button", { name: "Approve…" }).click();
  await badge("Success").waitFor();
}

async function cancel(): Promise<void> {
  await formOf("endless");
  await startIt();
  await badge("Running").waitFor();
  await press("Cancel");
  await badge("Cancelled").waitFor();
  expect(person.problems()).toEqual([]);
}
