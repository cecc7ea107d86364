import { eventually, startFaultProxy } from "@weir/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";

// What a page that stays open lives through: a cloud that is away for a while, a session that ends, a key that is taken back.

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  stage.startAgent("box");
  await stage.weir(["run", "report.flow.ts"]);
}, 120_000);
afterAll(() => stage.end());

/** What a browser tells of requests that found nobody. */
const NOBODY = /^console: Failed to load resource: net::ERR_/;

test("a cloud that is away is told, and when it is back the page goes on by itself", async () => {
  const proxy = await startFaultProxy(stage.cloud.url);
  onTestFinished(() => proxy.close());
  const visitor = await stage.visit("/runs", { url: proxy.url });
  const { page } = visitor;
  await page.getByRole("link", { name: /^nightly-report-/ }).waitFor();
  visitor.expects(NOBODY);
  await proxy.down();
  await page.getByRole("link", { name: "Flows", exact: true }).click();
  await page.getByText("cannot be reached").first().waitFor({ timeout: 60_000 });
  await proxy.up();
  await page.getByRole("link", { name: "nightly-report" }).first().waitFor({ timeout: 60_000 });
  await eventually(async () => (await page.getByText("cannot be reached").count()) === 0);
});

test("a key that was revoked leads to the sign-in, and with another one the page is where it was", async () => {
  const { key, apiKey } = await makeKey();
  const visitor = await stage.visit("/flows", { key });
  const { page } = visitor;
  await page.getByRole("link", { name: "nightly-report" }).first().waitFor();
  visitor.expects(/^console: Failed to load resource:.*401/);
  await stage.weir(["keys", "revoke", apiKey.id]);
  await page.getByRole("link", { name: "Runs", exact: true }).click();
  await page.getByRole("button", { name: "Key", exact: true }).click();
  await page.getByLabel(/^A key/).fill(stage.cloud.userKey);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: /^nightly-report-/ }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/runs");
});

const SIGNED_UP = { email: "ada@example.com", password: "correct horse battery staple", tenant: "Ada's" };

test("a person signs in with a password and works; a session that ends asks for it again", async () => {
  const url = stage.cloud.url.replace("127.0.0.1", "localhost");
  await fetch(`${url}/auth/sign-up`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(SIGNED_UP),
  });
  const visitor = await stage.visit("/", { url, key: null, signedOut: true });
  const { page, context } = visitor;
  const signIn = async () => {
    await page.getByLabel("E-mail").fill(SIGNED_UP.email);
    await page.getByLabel("Password", { exact: true }).fill(SIGNED_UP.password);
    await page.keyboard.press("Enter");
    await page.getByText(SIGNED_UP.tenant).first().waitFor();
  };
  await signIn();
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ name: "__Host-weir-session", httpOnly: true, secure: true, sameSite: "Lax" });
  expect(await page.evaluate("JSON.stringify([document.cookie, { ...sessionStorage }])")).not.toContain(cookie?.value);
  await context.clearCookies();
  await page.getByRole("link", { name: "Flows", exact: true }).click();
  await page.getByText("Your session has ended").waitFor();
  await signIn();
  expect(new URL(page.url()).pathname).toBe("/flows");
});

async function makeKey(): Promise<{ key: string; apiKey: { id: string } }> {
  return await stage.json(["keys", "create", "passing"]);
}
