import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { setStage, type Stage } from "./testing/stage.ts";

// Limits, small values, keys, members, the audit log and what the cloud holds: as somebody uses them who looks after a tenant.

const CANARY = "quiet-heron-at-the-weir";

let stage: Stage;
let waiting: string;
beforeAll(async () => {
  stage = await setStage();
  await stage.weir(["register", "report.flow.ts"]);
  const created = await stage.ask<{ createFlowRun: { flowRun: { id: string } } }>(
    `mutation ($input: CreateFlowRunInput!) { createFlowRun(input: $input) { ... on CreateFlowRunPayload { flowRun { id } } } }`,
    {
      input: {
        project: "default",
        flow: "nightly-report",
        name: "held-back",
        labels: ["gpu"],
        parameters: { day: CANARY },
      },
    },
  );
  waiting = created.createFlowRun.flowRun.id;
}, 120_000);
afterAll(() => stage.end());

const dialog = (page: Page) => page.getByRole("dialog");
const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** Fills the fields of the open dialog by their labels, and confirms. */
async function fill(page: Page, values: Readonly<Record<string, string>>, verb: string): Promise<void> {
  for (const [label, value] of Object.entries(values))
    await dialog(page).getByLabel(label, { exact: true }).fill(value);
  await dialog(page).getByRole("button", { name: verb, exact: true }).click();
}

/** A key of a role, made by the tenant's owner. */
async function keyOf(role: string): Promise<string> {
  return (await stage.json<{ key: string }>(["keys", "create", `a ${role}`, "--role", role])).key;
}

test("a limit of 0 blocks what has the label, and the page says who waits", async () => {
  const { page } = await stage.visit("/limits");
  await page.getByRole("button", { name: "Set a limit" }).last().click();
  await fill(page, { Label: "gpu", Slots: "0" }, "Set a limit");
  await row(page, "gpu").getByText("0: blocks all").waitFor();
  await row(page, "gpu").getByText("who holds and who waits").click();
  expect(await row(page, "gpu").getByRole("link", { name: "1 more" }).getAttribute("href")).toContain("gpu");
  expect(await stage.weir(["runs", "show", waiting])).toContain("gpu");
  await row(page, "gpu").getByRole("button", { name: "Remove" }).click();
  await dialog(page).getByRole("button", { name: "Remove" }).click();
  await page.getByText("No label has a limit").waitFor();
});

test("the queue is paused with who and why, and goes on again", async () => {
  const { page } = await stage.visit("/limits");
  await press(page, "Pause the queue");
  await fill(page, { Why: "the database moves" }, "Pause the queue");
  await page.getByText(/^Paused by .*the database moves/).waitFor();
  await press(page, "Resume the queue");
  await dialog(page).getByRole("button", { name: "Resume the queue" }).click();
  await page.getByText("Agents claim runs as their time comes").waitFor();
});

test("nobody's write in between is lost: the page says that somebody was faster", async () => {
  const { page } = await stage.visit("/kv");
  await press(page, "Write");
  await fill(page, { Key: "orders/cursor", Value: "1742" }, "Write");
  await page.getByText("Version 1, written").waitFor();
  await page.getByRole("button", { name: "Write" }).last().click();
  await stage.weir(["kv", "set", "orders/cursor", "1800"]);
  // The page behind the dialog has heard of it; whoever writes has not.
  await page.getByText("Version 2, written").waitFor();
  await fill(page, { Value: "1743" }, "Write");
  await dialog(page).getByText("has version 2, and version 1 was expected").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("Version 2, written").waitFor();
  expect(JSON.parse(await stage.weir(["kv", "get", "orders/cursor"]))).toBe(1800);
});

test("a key is shown once, opens the cloud, and ends at once when it is revoked", async () => {
  const { page } = await stage.visit("/keys");
  await press(page, "Make a key");
  await dialog(page).getByLabel("May do").selectOption("role");
  await fill(page, { Name: "nightly" }, "Make a key");
  const key = (await dialog(page).locator("code").first().textContent()) ?? "";
  expect(key).toMatch(/^weir_u_/);
  const asked = await stage.ask<{ viewer: { permissions: string[] } }>("{ viewer { permissions } }", {}, key);
  expect(asked.viewer.permissions).toContain("run:read");
  await press(page, "I have kept it");
  await page.reload();
  await row(page, "nightly").getByText("as viewer").waitFor();
  expect(await page.content()).not.toContain(key);
  await row(page, "nightly").getByRole("button", { name: "Revoke" }).click();
  await dialog(page).getByRole("button", { name: "Revoke" }).click();
  await row(page, "nightly")
    .getByText(/revoked/)
    .waitFor();
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const body = JSON.stringify({ query: "{ viewer { scope } }" });
  const refused = await fetch(`${stage.cloud.url}/graphql`, { method: "POST", headers, body });
  expect(await refused.json()).toMatchObject({ code: "KEY_REVOKED" });
});

test("a role of one's own is made, and nobody is offered to give more than they hold", async () => {
  const { page } = await stage.visit("/members");
  await press(page, "Make a role");
  await dialog(page).getByLabel("register versions of flows").check();
  await fill(page, { Name: "deployer" }, "Make a role");
  await page.getByRole("columnheader", { name: /deployer/ }).waitFor();
  const { page: admins } = await stage.visit("/members", { key: await keyOf("admin") });
  await press(admins, "Invite");
  const offered = await dialog(admins).getByLabel("Role").locator("option").allTextContents();
  expect(offered.map((text) => text.split(" ")[0])).toEqual(["admin", "developer", "operator", "viewer", "deployer"]);
});

test("an invitation's link is shown once, and lets a person in", async () => {
  const { page } = await stage.visit("/members");
  await press(page, "Invite");
  await fill(page, { Address: "bob@x.example" }, "Invite");
  const link = (await dialog(page).locator("code").first().textContent()) ?? "";
  expect(new URL(link).origin).toBe(stage.cloud.url);
  const token = new URL(link).hash.slice(1);
  const joined = await fetch(`${stage.cloud.url}/auth/invitation/accept`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, password: "correct horse battery staple" }),
  });
  expect(joined.status).toBe(204);
  await page.reload();
  await row(page, "bob@x.example").getByText("accepted").waitFor();
});

test("whoever lacks a right sees what it takes, no button, and nothing is asked in vain", async () => {
  const key = await keyOf("viewer");
  for (const [path, permission] of [
    ["/audit", "audit:read"],
    ["/keys", "key:read"],
    ["/holdings", "log:read"],
  ] as const) {
    const visitor = await stage.visit(path, { key });
    await visitor.page.getByText(permission, { exact: true }).waitFor();
    expect(await visitor.page.getByRole("main").getByRole("button").count()).toBe(0);
  }
});

test("the audit log is narrowed by its address, and its head is the one that the command line finds", async () => {
  await stage.weir(["kv", "set", "audited", "1"]);
  const { page } = await stage.visit("/audit?action=setKv");
  await page.getByRole("row").filter({ hasText: "setKv" }).first().getByRole("link").first().click();
  await page.getByText("follows entry").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: /^Entry \d+$/ }).waitFor();
  const command = await page.getByText(/weir audit verify --expect/).textContent();
  const head = /--expect (\S+)/.exec(command ?? "")?.[1] ?? "";
  expect(await stage.weir(["audit", "verify", "--expect", head])).toContain(head);
});

test("what the cloud holds is shown as the cloud sees it, with the lines that change it", async () => {
  const { page } = await stage.visit("/holdings");
  await row(page, "flow_runs.parameters").getByText(CANARY).waitFor();
  await row(page, "flow_runs.parameters").getByText("1 plain").waitFor();
  await page.getByLabel("In your policy").first().selectOption("seal");
  await page.getByText("version: 1\nclasses:\n  parameter: seal").waitFor();
  expect(new URL(page.url()).searchParams.get("policy")).toBe("parameter:seal");
});

test("all of it is taken along as a file, and erased by whoever types the tenant's name", async () => {
  const { page } = await stage.visit("/holdings");
  await press(page, "Export");
  await press(page, "Gather it");
  await dialog(page).getByText("All of it is in the file.").waitFor();
  const downloading = page.waitForEvent("download");
  await dialog(page).getByRole("link", { name: "Save the file" }).click();
  const text = await readFile((await (await downloading).path()) ?? "", "utf8");
  const lines = text.trimEnd().split("\n");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ export: "weir holdings" });
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ end: true, rows: { flow_runs: 1 } });
  expect(text).toContain(CANARY);
  await press(page, "Close");

  await press(page, "Erase");
  const { viewer } = await stage.ask<{ viewer: { tenant: { name: string } } }>("{ viewer { tenant { name } } }");
  const erase = dialog(page).getByRole("button", { name: "Erase", exact: true });
  await dialog(page)
    .getByLabel(/^Name of the tenant/)
    .fill(`${viewer.tenant.name} `.slice(1));
  expect(await erase.isDisabled()).toBe(true);
  await dialog(page)
    .getByLabel(/^Name of the tenant/)
    .fill(viewer.tenant.name);
  await erase.click();
  await dialog(page).getByText("Nothing of it is left. 1 run and 0 flows").waitFor();
  await press(page, "Close");
  await row(page, "flow_runs.parameters").getByText("nothing").waitFor();
  expect(await page.content()).not.toContain(CANARY);
});
