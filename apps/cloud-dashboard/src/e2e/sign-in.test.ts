import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
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

test("sign-up is offered only where the cloud takes people in by themselves", async () => {
  const closed = await setStage({ cloud: { signUp: "closed" } });
  onTestFinished(() => closed.end());
  const visitor = await closed.visit("/runs", { key: null });
  visitor.expects(/status of 401/);
  await visitor.settled();
  const ways = signInForm(visitor).getByRole("group", { name: "How to sign in" }).getByRole("button");
  expect(await ways.allInnerTexts()).toEqual(["Password", "Single sign-on", "Key"]);
  expect(visitor.requests).toContain(`GET ${closed.cloud.url}/auth/ways`);
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
  expect(await page.evaluate("document.activeElement.name")).toBe("email");
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

/** What the page's own session may ask, in JSON. */
async function send<T>(visitor: Visitor, path: string, body: object): Promise<T> {
  const how = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return await visitor.page.evaluate(
    `fetch(${JSON.stringify(path)}, ${JSON.stringify(how)}).then((reply) => reply.json())`,
  );
}

/** The code that an authenticator shows now, by RFC 6238. */
function codeOf(secret: string): string {
  const bits = Array.from(secret, (letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  const bytes = bits.join("").match(/.{8}/g) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))))
    .update(counter)
    .digest();
  const value = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fff_ffff;
  return String(value % 1_000_000).padStart(6, "0");
}

test("a second factor is asked for after the password, and a kept code does too", async () => {
  const visitor = await asNobody("/flows");
  await signUp(visitor, "vault");
  const { secret } = await send<{ secret: string }>(visitor, "/auth/device", { password: PASSWORD });
  const { recoveryCodes } = await send<{ recoveryCodes: string[] }>(visitor, "/auth/device/confirm", {
    code: codeOf(secret),
  });
  const { page } = visitor;
  await page.getByRole("button", { name: "Person and settings" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  const form = signInForm(visitor);
  await form.getByLabel("E-mail").fill("ada@vault.example");
  await form.getByLabel("Password").fill(PASSWORD);
  await form.getByRole("button", { name: "Sign in" }).click();
  await form.getByLabel("Code of the second factor").fill(recoveryCodes[0] ?? "none");
  await form.getByRole("button", { name: "Sign in" }).click();
  await form.waitFor({ state: "hidden" });
  expect(new URL(page.url()).pathname).toBe("/flows");
});

test("somebody who works in two tenants goes from one to the other, and sees that one alone", async () => {
  const host = await asNobody("/");
  await signUp(host, "harbour");
  const query = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { ... on InviteMemberPayload { path } } }`;
  const input = { email: "ada@lighthouse.example", role: "viewer" };
  const { data } = await send<{ data: { inviteMember: { path: string } } }>(host, "/graphql", {
    query,
    variables: { input },
  });
  const visitor = await asNobody("/");
  await signUp(visitor, "lighthouse");
  const token = data.inviteMember.path.split("#")[1];
  await visitor.page.evaluate(
    `fetch("/auth/invitation/accept", { method: "POST", headers: { "content-type": "application/json" }, body: ${JSON.stringify(JSON.stringify({ token, password: PASSWORD }))} })`,
  );
  const { page } = visitor;
  await page.reload();
  const corner = page.getByRole("button", { name: "Person and settings" });
  await corner.getByText("harbour", { exact: true }).waitFor();
  await corner.click();
  await page.getByLabel("Tenant").selectOption("lighthouse");
  await corner.getByText("lighthouse", { exact: true }).waitFor();
  expect(await corner.getByText("harbour", { exact: true }).count()).toBe(0);
});
