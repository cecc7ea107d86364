import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";
import type { Visitor } from "./testing/visitor.ts";

// People who come in with a password, and whose session ends while they are at it.

let stage: Stage;
beforeAll(async () => void (stage = await setStage()), 120_000);
afterAll(() => stage.end());

const PASSWORD = "correct horse battery staple";

/** Opens a page as nobody; that the cloud says so is no problem. */
async function asNobody(path: string): Promise<Visitor> {
  const visitor = await stage.visit(path, { key: null });
  visitor.expects(/status of 401/);
  return visitor;
}

const signInForm = ({ page }: Visitor) => page.getByRole("dialog", { name: "Weir" });

async function signUp(visitor: Visitor, tenant: string): Promise<void> {
  const form = signInForm(visitor);
  await form.getByRole("button", { name: "Sign up" }).click();
  await form.getByLabel("Name of your tenant").fill(tenant);
  await form.getByLabel("E-mail").fill(`ada@${tenant}.example`);
  await form.getByLabel("Password").fill(PASSWORD);
  await form.getByRole("button", { name: "Sign up" }).last().click();
  await form.waitFor({ state: "hidden" });
}

test("whoever signs up is where they wanted to go, and is told what to do first", async () => {
  const visitor = await asNobody("/runs");
  await signUp(visitor, "quarry");
  const { page } = visitor;
  expect(new URL(page.url()).pathname).toBe("/runs");
  await page.getByText(`weir login --url ${stage.cloud.url}`).waitFor();
  await page.getByText("quarry", { exact: true }).waitFor();
  await page.goto(`${stage.cloud.url}/`);
  await page.getByRole("heading", { name: "First steps" }).waitFor();
});

test("a session that ends is begun again over the page, which is as it was", async () => {
  const visitor = await asNobody("/runs?state=Failed");
  await signUp(visitor, "mill");
  const { page } = visitor;
  await page.getByText("More filters").click();
  await page.getByLabel("Flow", { exact: true }).pressSequentially("nigh");
  await page.evaluate("void fetch('/auth/logout', { method: 'POST' })");
  const form = signInForm(visitor);
  await form.getByText("Your session has ended").waitFor();
  // Escape does not lead around it.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await form.getByLabel("E-mail").fill("ada@mill.example");
  await form.getByLabel("Password").fill("something else");
  await form.getByRole("button", { name: "Sign in" }).click();
  expect(await form.getByRole("alert").textContent()).toMatch(/password/i);
  await form.getByLabel("Password").fill(PASSWORD);
  await form.getByRole("button", { name: "Sign in" }).click();
  await form.waitFor({ state: "hidden" });
  expect(await page.getByLabel("Flow", { exact: true }).inputValue()).toBe("nigh");
  expect(new URL(page.url()).search).toContain("Failed");
  await page.getByText("No run is like this").waitFor();
});

test("once a session is over, the page asks nothing until somebody signs in", async () => {
  const visitor = await asNobody("/");
  await signUp(visitor, "kiln");
  const { page } = visitor;
  await page.clock.install();
  await page.reload();
  await page.getByRole("heading", { name: "First steps" }).waitFor();
  await page.evaluate("fetch('/auth/logout', { method: 'POST' })");
  const asked = () => visitor.requests.filter((request) => request.endsWith("/graphql")).length;
  // The overview looks every three seconds.
  await page.clock.runFor(4_000);
  await signInForm(visitor).getByText("Your session has ended").waitFor();
  const before = asked();
  await page.clock.runFor(20_000);
  expect(asked()).toBe(before);
});

test("a key that the cloud does not know is not kept", async () => {
  const visitor = await asNobody("/flows");
  const form = signInForm(visitor);
  await form.getByRole("button", { name: "Key", exact: true }).click();
  await form.getByLabel("A key").fill("weir_u_nobodyknowsthiskeyatallnobodyknowsi");
  await form.getByRole("button", { name: "Use it" }).click();
  await form.getByRole("alert").waitFor();
  expect(await visitor.page.evaluate("sessionStorage.getItem('weir-key')")).toBeNull();
  await form.getByLabel("A key").fill(stage.cloud.userKey);
  await form.getByRole("button", { name: "Use it" }).click();
  await form.waitFor({ state: "hidden" });
});

test("whoever signs out leaves nothing on the page for the next one", async () => {
  const visitor = await asNobody("/");
  await signUp(visitor, "forge");
  const { page } = visitor;
  await page.getByRole("button", { name: "Person and settings" }).click();
  await page.getByText("ada@forge.example · owner").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await signInForm(visitor).waitFor();
  expect(await page.getByText("forge", { exact: true }).count()).toBe(0);
});
