import { createHmac } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";

// What a person does about their own account, signed in with a session.

let stage: Stage;
beforeAll(async () => void (stage = await setStage()), 120_000);
afterAll(() => stage.end());

const OLD = "correct horse battery staple";
const NEW = "another horse battery staple";

const dialog = (page: Page) => page.getByRole("dialog");
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** Signs somebody up who then looks at their settings. */
async function signedUp(tenant: string) {
  const visitor = await stage.visit("/settings", { key: null, signedOut: true });
  const { page } = visitor;
  const email = `ada@${tenant}.example`;
  const body = { email, password: OLD, tenant };
  const status = await page.evaluate(
    (text) =>
      fetch("/auth/sign-up", { method: "POST", headers: { "content-type": "application/json" }, body: text }).then(
        (reply) => reply.status,
      ),
    JSON.stringify(body),
  );
  expect(status).toBe(204);
  await page.reload();
  return { visitor, page, email };
}

async function signIn(email: string, password: string, code?: string): Promise<number> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ email, password, code });
  return (await fetch(`${stage.cloud.url}/auth/login`, { method: "POST", headers, body })).status;
}

test("a password is changed by whoever knows the one before", async () => {
  const { page, email } = await signedUp("quay");
  await press(page, "Change the password");
  const type = (label: string, text: string) => dialog(page).getByLabel(label, { exact: true }).fill(text);
  await type("Password as yet", `${OLD}r`);
  await type("New password", NEW);
  await type("New password again", `${NEW}!`);
  await dialog(page).getByRole("button", { name: "Change the password" }).click();
  await dialog(page).getByText("was typed in two ways").waitFor();
  await type("New password again", NEW);
  await dialog(page).getByRole("button", { name: "Change the password" }).click();
  await dialog(page)
    .getByText(/password is wrong/)
    .waitFor();
  await type("Password as yet", OLD);
  await dialog(page).getByRole("button", { name: "Change the password" }).click();
  await dialog(page).waitFor({ state: "hidden" });
  expect([await signIn(email, OLD), await signIn(email, NEW)]).toEqual([401, 204]);
});

test("a second factor is turned on with its secret as text, and off with a code that was kept", async () => {
  const { page, email } = await signedUp("lock");
  await press(page, "Turn it on");
  await dialog(page).getByLabel("Your password").fill(OLD);
  await dialog(page).getByRole("button", { name: "Turn it on" }).click();
  const address = await page.getByText(/^otpauth:/).textContent();
  const secret = new URL(address ?? "").searchParams.get("secret") ?? "";
  const groups = await page.getByText(secret.replaceAll(/(.{4})(?!$)/g, "$1 "), { exact: true }).count();
  expect(groups).toBe(1);
  await page.getByLabel("The code that it shows now").fill(codeOf(secret));
  await press(page, "Turn it on");
  await page.getByText("It is shown this once").waitFor();
  const kept = ((await dialog(page).locator("code").first().textContent()) ?? "").split("\n");
  expect(kept).toHaveLength(10);
  await press(page, "I have kept it");
  await page.getByText("On: whoever signs in as you needs your device too.").waitFor();
  expect([await signIn(email, OLD), await signIn(email, OLD, kept[0])]).toEqual([401, 204]);
  await press(page, "Turn it off");
  await dialog(page).getByLabel("Your password").fill(OLD);
  await dialog(page)
    .getByLabel("Code")
    .fill(kept[1] ?? "");
  await dialog(page).getByRole("button", { name: "Turn it off" }).click();
  await page.getByText("Off: who knows your password can sign in as you.").waitFor();
  expect(await signIn(email, OLD)).toBe(204);
});

test("a session takes along what the cloud holds, as a key does", async () => {
  const { visitor, page } = await signedUp("dam");
  await visitor.open("/holdings");
  await press(page, "Export");
  await press(page, "Gather it");
  await dialog(page).getByText("All of it is in the file.").waitFor();
});

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code of a device at this moment, by RFC 6238. */
function codeOf(secret: string): string {
  const bits = Array.from(secret, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const value = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fff_ffff;
  return String(value % 1_000_000).padStart(6, "0");
}
