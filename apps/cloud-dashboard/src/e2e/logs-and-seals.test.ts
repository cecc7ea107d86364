import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateSealKey, openProtectedKeys, protectKeys } from "@weir/protocol/seal";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";
import type { Visitor } from "./testing/visitor.ts";

// What an agent has sealed, in a browser with the right key, with another's and with none; and the log of a run.

const PASSPHRASE = "five words nobody would guess";
const CANARY = "canary-fares-of-may";

const FLOW = `
import { flow, run, task } from "@weir/sdk";

const fares = task("fares", () => {
  run.log.info("\\u001b[32m${CANARY}\\u001b[0m <img src=x onerror=alert(1)>");
  run.artifact.markdown("report", "# ${CANARY}\\n\\n<script>alert(1)</script>\\n\\n[bad](javascript:alert(1)) [good](https://good.example/a) ![pic](https://pictures.example/x.png)");
  run.artifact.link("site", { url: "https://site.example/report", text: "the ${CANARY} site" });
  run.artifact.link("trap", { url: "javascript:alert(1)", text: "press me" });
  run.artifact.table("rows", [{ fare: "${CANARY} <b>", seats: 7 }]);
  throw new TypeError("no ${CANARY}");
});

export default flow("NAME", async () => {
  run.log.warn("the flow begins");
  return await fares();
});
`;
/** Writes 200 lines, and a hundred more for each gate. */
const STEADY = `
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { flow, run } from "@weir/sdk";

export default flow("steady", async () => {
  let line = 0;
  const write = (upTo: number) => { while (line < upTo) run.log.info("line " + line++); };
  write(200);
  for (const gate of [1, 2, 3]) {
    while (!existsSync("gate-" + gate)) await sleep(50, undefined, { signal: run.signal });
    write(200 + 100 * gate);
  }
});
`;
const POLICY = `
version: 1
overrides:
  - flow: sealed-*
    classes: { log: seal, exception: seal, artifact: seal }
seal: { recipients: [{ name: ada, file: ada.pub.json }] }
`;

let stage: Stage;
let sealed: string;
let plain: string;

beforeAll(async () => {
  const flows = ["sealed", "plain"].map((name) => [`${name}.flow.ts`, FLOW.replace("NAME", `${name}-fares`)]);
  stage = await setStage({
    files: {
      ...Object.fromEntries(flows),
      "steady.flow.ts": STEADY,
      "weir.boundary.yaml": POLICY,
      "passphrase.txt": `${PASSPHRASE}\n`,
    },
  });
  await chmod(join(stage.folder, "passphrase.txt"), 0o600);
  await stage.weir(["seal", "keygen", "--inside", "--out", "inside.json"]);
  await stage.weir(["seal", "keygen", "--name", "ada", "--out", "ada.json", "--passphrase-file", "passphrase.txt"]);
  await stage.weir(["trust", "export", "--inside", "inside.pub.json"]);
  stage.startAgent("box", { WEIR_AGENT_SEAL_KEY_FILE: "inside.json" });
  sealed = await failedRun("sealed.flow.ts");
  plain = await failedRun("plain.flow.ts");
}, 120_000);
afterAll(() => stage.end());

/** Runs a flow that fails, and gives the run's id. */
async function failedRun(file: string): Promise<string> {
  const { flowRun } = await stage.json<{ flowRun: { id: string } }>(["run", file, "--no-watch"]);
  await eventually(
    async () => {
      const query = `{ flowRun(id: "${flowRun.id}") { state } }`;
      return (await stage.ask<{ flowRun: { state: string } }>(query)).flowRun.state === "Failed";
    },
    { timeoutMs: 60_000 },
  );
  return flowRun.id;
}

interface Extents {
  readonly flowRun: { readonly logExtents: readonly { readonly lines: number }[] };
}
const extentsOf = (id: string) => `{ flowRun(id: "${id}") { logExtents { lines } } }`;

const adasFile = () => readFile(join(stage.folder, "ada.json"));
const kidOf = async (name: string) =>
  (JSON.parse(await readFile(join(stage.folder, `${name}.pub.json`), "utf8")) as { kid: string }).kid;

async function importKey({ page }: Visitor, buffer: Buffer, passphrase: string): Promise<void> {
  await page.getByLabel("Key file").setInputFiles({ name: "key.json", mimeType: "application/json", buffer });
  await page.getByLabel("Its passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Import" }).click();
}

test("without a key, lines and artifacts say for whom they are sealed, and nothing of them is there", async () => {
  const visitor = await stage.visit(`/runs/${sealed}/logs`, { records: true });
  const log = visitor.page.getByRole("log");
  const [inside, ada] = [await kidOf("inside"), await kidOf("ada")];
  await log
    .getByText(`Sealed for ${inside.slice(0, 8)}…, ${ada.slice(0, 8)}…`)
    .first()
    .waitFor();
  await visitor.open(`/runs/${sealed}?tab=artifacts`);
  await visitor.page.getByText(ada).first().waitFor();
  expect(await visitor.page.getByRole("link", { name: "Keys of this browser" }).count()).toBeGreaterThan(1);
  expect(await visitor.page.content()).not.toContain(CANARY);
  expect(visitor.responses.filter(({ body }) => body.includes(CANARY))).toEqual([]);
});

test("with the right key everything opens in place, marked as opened here; removed, it closes again", async () => {
  const visitor = await stage.visit("/browser-keys", { records: true });
  const { page } = visitor;
  await importKey(visitor, await adasFile(), "five words somebody guessed");
  await page.getByText(/passphrase does not open key\.json/).waitFor();
  await importKey(visitor, await adasFile(), PASSPHRASE);
  await page.getByRole("cell", { name: await kidOf("ada") }).waitFor();
  await page.getByRole("button", { name: "Test" }).click();
  await page.getByText("It opens what is sealed for it.").waitFor();

  await visitor.open(`/runs/${sealed}/logs`);
  const line = page.getByRole("log").getByText(`${CANARY} <img src=x onerror=alert(1)>`);
  await line.waitFor();
  expect(await page.getByRole("img", { name: "Opened here:" }).count()).toBeGreaterThan(0);
  await page.getByLabel("Search the lines").fill("canary");
  await page.getByText("The cloud cannot search sealed lines. Of the 2 that are at hand here, 1 match").waitFor();
  await line.locator("mark").first().waitFor();
  await visitor.open(`/runs/${sealed}?tab=artifacts`);
  await page.getByRole("heading", { name: CANARY }).waitFor();

  const other = await stage.visit("/browser-keys", { beside: visitor });
  await other.page.getByRole("button", { name: "Remove" }).click();
  await other.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await other.page.getByText("This browser has no key").waitFor();
  await page
    .getByText(/^Sealed for/)
    .first()
    .waitFor();
  expect(await page.getByRole("heading", { name: CANARY }).count()).toBe(0);
  expect(visitor.responses.filter(({ body }) => body.includes(CANARY))).toEqual([]);
});

test("with another's key nothing opens", async () => {
  const visitor = await stage.visit("/browser-keys");
  const stranger = await generateSealKey("P-256");
  await importKey(visitor, Buffer.from(JSON.stringify(await protectKeys([stranger], PASSPHRASE))), PASSPHRASE);
  await visitor.page.getByRole("cell", { name: stranger.kid }).waitFor();
  await visitor.open(`/runs/${sealed}/logs`);
  await visitor.page
    .getByRole("log")
    .getByText(/^Sealed for/)
    .first()
    .waitFor();
  expect(await visitor.page.content()).not.toContain(CANARY);
});

test("a key that is made here is kept, and its file opens with the passphrase as those of the command line do", async () => {
  const { page } = await stage.visit("/browser-keys");
  await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await page.getByLabel("Passphrase again").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Make a key" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /^Save weir-seal-key/ }).click(),
  ]);
  const file = JSON.parse(await readFile(await download.path(), "utf8")) as object;
  const [key] = await openProtectedKeys(file as never, PASSPHRASE);
  await page.getByRole("cell", { name: key?.kid ?? "none" }).waitFor();
  const yaml = page.getByText("recipients:");
  await yaml.waitFor();
  expect(await yaml.textContent()).toContain(`jwk: { kty: OKP, crv: X25519, x: "${key?.x}" }`);
  expect(JSON.stringify(file)).not.toContain(key?.d);
});

test("a log has its colours, a link to each line, and runs nothing that a line says", async () => {
  const visitor = await stage.visit(`/runs/${plain}/logs`);
  const { page } = visitor;
  const line = page.getByRole("log").getByText(CANARY, { exact: true });
  await line.waitFor();
  expect(await line.evaluate((element) => getComputedStyle(element).color)).not.toBe(
    await page.getByRole("log").evaluate((element) => getComputedStyle(element).color),
  );
  await visitor.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const number = page.locator("[data-place] a").first();
  const place = await page.locator("[data-place]").first().getAttribute("data-place");
  await number.click();
  await page.waitForURL((url) => url.hash === `#${place}`);
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(page.url());
  await page.reload();
  await page.locator(`[data-place="${place}"][aria-current=location]`).waitFor();
});

test("a log is narrowed by level and by text, and says so in its address", async () => {
  const { page } = await stage.visit(`/runs/${plain}/logs`);
  const log = page.getByRole("log");
  await log.getByText("the flow begins").waitFor();
  await page.getByLabel("Least level").selectOption("warn");
  await eventually(async () => (await log.getByText(CANARY).count()) === 0);
  await log.getByText("the flow begins").waitFor();
  expect(new URL(page.url()).search).toBe("?level=warn");
  await page.getByLabel("Search the lines").fill("no such words");
  await log.getByText("No line is like that.").waitFor();
  await page.getByLabel("Search the lines").fill("FLOW BEG");
  await log.locator("mark", { hasText: "flow beg" }).waitFor();
});

test("a log is followed as it grows, lets go when somebody scrolls, and is followed again", async () => {
  const { flowRun } = await stage.json<{ flowRun: { id: string } }>(["run", "steady.flow.ts", "--no-watch"]);
  await eventually(async () => (await stage.ask<Extents>(extentsOf(flowRun.id))).flowRun.logExtents[0]?.lines === 200, {
    timeoutMs: 60_000,
  });
  const { page } = await stage.visit(`/runs/${flowRun.id}/logs`);
  const log = page.getByRole("log");
  const follow = page.getByRole("button", { name: "Follow" });
  await log.getByText("line 199", { exact: true }).waitFor();
  expect(await follow.getAttribute("aria-pressed")).toBe("true");
  await writeFile(join(stage.folder, "gate-1"), "");
  await log.getByText("line 299", { exact: true }).waitFor();
  await log.hover();
  await page.mouse.wheel(0, -800);
  await eventually(async () => (await follow.getAttribute("aria-pressed")) === "false");
  const top = await log.evaluate((box) => box.scrollTop);
  const height = await log.evaluate((box) => box.scrollHeight);
  await writeFile(join(stage.folder, "gate-2"), "");
  await eventually(async () => (await log.evaluate((box) => box.scrollHeight)) > height);
  expect(await log.evaluate((box) => box.scrollTop)).toBe(top);
  await follow.click();
  await log.getByText("line 399", { exact: true }).waitFor();
  await writeFile(join(stage.folder, "gate-3"), "");
  await log.getByText("line 499", { exact: true }).waitFor();
});

test("what is shown of a log is taken along as a file", async () => {
  const { page } = await stage.visit(`/runs/${plain}/logs`);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  const text = await readFile(await download.path(), "utf8");
  expect(text).toContain("the flow begins\n");
  expect(text).toContain(`info  fares#1: ${CANARY} <img src=x onerror=alert(1)>\n`);
});

test("artifacts are shown without running or loading anything, and links say where they lead", async () => {
  const visitor = await stage.visit(`/runs/${plain}?tab=artifacts`);
  const { page } = visitor;
  await page.getByRole("heading", { name: CANARY }).waitFor();
  await page.getByText("<script>alert(1)</script>").waitFor();
  expect(await page.locator("main img, main script, main iframe").count()).toBe(0);
  await page.getByText("https://pictures.example/x.png").waitFor();
  const hrefs = await page
    .locator("main a[target=_blank]")
    .evaluateAll((links) => links.map((link) => `${link.getAttribute("href")} ${link.getAttribute("rel")}`));
  const rel = "noopener noreferrer nofollow";
  expect(hrefs.toSorted()).toEqual([`https://good.example/a ${rel}`, `https://site.example/report ${rel}`]);
  await page.getByText("(site.example)").waitFor();
  await page.getByRole("cell", { name: `${CANARY} <b>` }).waitFor();
});
