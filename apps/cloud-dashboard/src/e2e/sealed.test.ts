import { randomBytes } from "node:crypto";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "@weir/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DASHBOARD_PAGES } from "../index.ts";
import { stateOf } from "./testing/addresses.ts";
import { setStage, type Stage } from "./testing/stage.ts";
import type { Visitor } from "./testing/visitor.ts";

// A policy that seals everything, a reader whose key is in the browser, one whose key is another, and one without.

const CANARIES = ["canary-parameter", "canary-log", "canary-failure", "canary-artifact", "canary-name", "canary-cause"];

const FLOW = `
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";

const fares = task("fares", { runName: () => "canary-name" }, (day: string) => {
  run.log.info("canary-log of " + day);
  run.artifact.markdown("report", "# canary-artifact");
  return day;
});

export default flow("sealed", { parameters: z.object({ day: z.string() }) }, async ({ day }) => {
  await fares(day);
  throw new Error("canary-failure of " + day, { cause: new Error("canary-cause") });
});
`;
const POLICY = `
version: 1
classes: { parameter: seal, log: seal, exception: seal, location: seal, run-name: seal, artifact: seal, config: seal }
seal: { recipients: [{ name: ada, file: ada.pub.json }] }
`;
const PASSPHRASE = "five words that nobody guesses";

let stage: Stage;
let run: string;
beforeAll(async () => {
  stage = await setStage({
    files: {
      "sealed.flow.ts": FLOW,
      "weir.boundary.yaml": POLICY,
      passphrase: PASSPHRASE,
      hmac: randomBytes(32).toString("base64url"),
    },
  });
  await Promise.all(["passphrase", "hmac"].map((name) => chmod(join(stage.folder, name), 0o600)));
  await stage.weir(["seal", "keygen", "--inside", "--out", "inside.json"]);
  for (const name of ["ada", "eve"])
    await stage.weir(["seal", "keygen", "--name", name, "--out", `${name}.json`, "--passphrase-file", "passphrase"]);
  await stage.weir(["trust", "export", "--inside", "inside.pub.json"]);
  stage.startAgent("box", { WEIR_AGENT_SEAL_KEY_FILE: "inside.json", WEIR_AGENT_HMAC_KEY_FILE: "hmac" });
  await stage.weir(["trust", "import", "weir.trust.json"]).catch(() => "");
  await stage.weir(["register", "sealed.flow.ts"]);
  run = await start();
  await eventually(async () => (await stateOf(stage, run)) === "Failed", { timeoutMs: 60_000 });
}, 180_000);
afterAll(() => stage.end());

async function start(): Promise<string> {
  const { flowRun } = await stage.json<{ flowRun: { id: string } }>([
    "run",
    "sealed",
    "-p",
    "day=canary-parameter",
    "--no-watch",
  ]);
  return flowRun.id;
}

const PAGES = [...DASHBOARD_PAGES.filter((path) => !path.includes("*")), "/agents/enrol"];
const SEALED_TABS = ["timeline", "tasks", "logs", "states", "parameters", "results", "artifacts", "attempts"];

/** All that a run's pages say. */
async function textOfRun({ page, open, settled }: Visitor): Promise<string> {
  const texts: string[] = [];
  for (const path of [
    ...SEALED_TABS.map((tab) => `/runs/${run}?tab=${tab}`),
    `/runs/${run}/logs`,
    `/runs/${run}/tasks/1`,
  ]) {
    await open(path);
    await settled();
    await eventually(async () => !(await page.locator("main").innerText()).includes("Opening…"));
    texts.push(await page.locator("main").innerText());
  }
  return texts.join("\n");
}

/** Gives the browser a key from its file. */
async function importKey(page: Page, name: string, passphrase: string): Promise<void> {
  await page.getByLabel("Key file").setInputFiles(join(stage.folder, `${name}.json`));
  await page.getByLabel("Its passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Import" }).click();
}

test("with no key, the page says that it is sealed and for whom, and shows everything else", async () => {
  const text = await textOfRun(await stage.visit("/"));
  for (const canary of CANARIES) expect(text).not.toContain(canary);
  expect(text).toContain("Sealed for");
  expect(text).toContain("fares");
});

test("with a key that it is not sealed for, it stays sealed", async () => {
  const visitor = await stage.visit("/browser-keys");
  await importKey(visitor.page, "eve", PASSPHRASE);
  await visitor.page.getByRole("button", { name: "Test" }).click();
  await visitor.page.getByText("It opens what is sealed for it.").waitFor();
  const text = await textOfRun(visitor);
  for (const canary of CANARIES) expect(text).not.toContain(canary);
  expect(text).toContain("Sealed for");
});

test("a wrong passphrase is told, and no key is kept", async () => {
  const { page } = await stage.visit("/browser-keys");
  await importKey(page, "ada", "not this one");
  await page
    .getByRole("alert")
    .getByText(/passphrase/i)
    .waitFor();
  await page.getByText("This browser has no key").waitFor();
});

test("with the right key, everything opens in place; the cloud never saw any of it, nor the key", async () => {
  const visitor = await stage.visit("/browser-keys", { records: true });
  await importKey(visitor.page, "ada", PASSPHRASE);
  await visitor.page.getByRole("button", { name: "Test" }).click();
  await visitor.page.getByText("It opens what is sealed for it.").waitFor();
  const text = await textOfRun(visitor);
  for (const canary of CANARIES) expect(text).toContain(canary);
  expect(JSON.stringify(visitor.responses)).toContain('"flowRun');
  for (const canary of CANARIES) expect(JSON.stringify([visitor.responses, visitor.sent])).not.toContain(canary);
  const kept = await visitor.page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])");
  expect(kept).not.toMatch(/"d\\?"|PRIVATE/);
  // Gone from the browser, gone from the page.
  await visitor.open("/browser-keys");
  await visitor.page.getByRole("button", { name: "Remove" }).first().click();
  await visitor.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await visitor.page.getByText("This browser has no key").waitFor();
  await visitor.open(`/runs/${run}?tab=logs`);
  await visitor.page.getByText("Sealed for").first().waitFor();
});

test("a recording of a tour of all pages shows the cloud's own origin alone, and nothing plain of what is sealed", async () => {
  const visitor = await stage.visit("/", { records: true });
  const { flow } = await stage.ask<{ flow: { id: string } }>('{ flow(project: "default", name: "sealed") { id } }');
  const ofFlow = ["", "/run", "/versions/1"].map((part) => `/flows/${flow.id}${part}`);
  for (const path of [...PAGES, ...ofFlow]) await visitor.open(path);
  await textOfRun(visitor);
  const { origin } = new URL(stage.cloud.url);
  expect(visitor.requests.length).toBeGreaterThan(50);
  expect(visitor.requests.filter((request) => !request.includes(` ${origin}/`))).toEqual([]);
  const recorded = JSON.stringify([visitor.requests, visitor.sent, visitor.responses]);
  expect(recorded).toContain("fares");
  for (const canary of CANARIES) expect(recorded).not.toContain(canary);
});

test("parameters that the form seals leave the browser sealed, and the agent opens them", async () => {
  const { flow } = await stage.ask<{ flow: { id: string } }>('{ flow(project: "default", name: "sealed") { id } }');
  const visitor = await stage.visit(`/flows/${flow.id}/run`, { records: true });
  const { page } = visitor;
  await page.getByText("Trust file of this browser").click();
  await page.getByLabel("Import a trust file").setInputFiles(join(stage.folder, "weir.trust.json"));
  await page.getByRole("textbox", { name: /^day/ }).fill("canary-parameter typed");
  await page.getByRole("button", { name: "Start it" }).click();
  await page.waitForURL(/\/runs\/[\w-]{36}/);
  const id = new URL(page.url()).pathname.split("/")[2] ?? "";
  await eventually(async () => (await stateOf(stage, id)) === "Failed", { timeoutMs: 60_000 });
  expect(visitor.sent.some((body) => body.includes("eyJ"))).toBe(true);
  expect(JSON.stringify([visitor.sent, visitor.responses])).not.toContain("canary-parameter");
  const logs = await stage.weir(["runs", "logs", id], {
    WEIR_SEAL_KEY_FILE: "ada.json",
    WEIR_SEAL_PASSPHRASE_FILE: "passphrase",
  });
  expect(logs).toContain("canary-log of canary-parameter typed");
});
