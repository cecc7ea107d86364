import { generateSealKey, Keyring, publicHalf } from "@weir/protocol/seal";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";

// Flows, the form that starts their runs, and agents. No agent is there until the wizard waits for one: what is started stays as it was sent.

const CANARY = "canary-of-the-form";

const SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["day", "dry"],
  properties: {
    day: { type: "string", minLength: 10, title: "Day", description: "<b>not bold</b> [link](https://x.example)" },
    top: { type: "integer", minimum: 1 },
    dry: { type: "boolean" },
    region: { enum: ["eu", "us"] },
    tags: { type: "array", items: { type: "string" } },
    at: { anyOf: [{ type: "object", properties: { hour: { type: "integer" } } }, { type: "string" }] },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
}, 120_000);
afterAll(() => stage.end());

/** Registers a version as a program of the user would, and gives the id of its flow. */
async function register(name: string, more: object = {}): Promise<string> {
  const registration = {
    name,
    labels: [],
    tasks: [],
    storage: { kind: "local", directory: "/flows", entry: "a.ts", codeDigest: "0".repeat(64), files: [] },
    sdkVersion: "0.1.0",
    ...more,
  };
  const { result } = await stage.ask<{ result: { flowVersion?: { flow: { id: string } }; message?: string } }>(
    `mutation ($r: JSON!) { result: registerFlow(input: { project: "default", registration: $r }) {
      ... on RegisterFlowPayload { flowVersion { flow { id } } } ... on Refusal { message } } }`,
    { r: registration },
  );
  return result.flowVersion?.flow.id ?? expect.unreachable(result.message);
}

/** What the cloud holds of the newest run of a flow. */
async function newestRun(flow: string) {
  const query = `query ($flow: String!) { flowRuns(first: 1, filter: { flow: $flow }) { nodes {
    name parameters boundary labels scheduledStartTime } } }`;
  interface Run {
    readonly name: string;
    readonly parameters: Readonly<Record<string, never>>;
    readonly boundary: unknown;
    readonly labels: readonly string[];
  }
  const { flowRuns } = await stage.ask<{ flowRuns: { nodes: Run[] } }>(query, { flow });
  return flowRuns.nodes[0];
}

/** Presses the button, and waits for the page of the run. */
async function startIt(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start it" }).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]+$/);
}

test("a form is made of the schema, tells what is wrong at its field, and starts the run", async () => {
  const id = await register("formed", { parameterSchema: SCHEMA, parameterDefaults: { top: 5, region: "eu" } });
  const { page, requests } = await stage.visit(`/flows/${id}/run`);
  const day = page.getByLabel("Day (required)");
  await day.waitFor();
  expect(await page.getByText("<b>not bold</b> [link](https://x.example)").count()).toBe(1);
  await day.fill("soon");
  await page.getByLabel("top").fill("0");
  const before = requests.length;
  await page.getByRole("button", { name: "Start it" }).click();
  await page.getByText("String is too short (4 < 10).").waitFor();
  await page.getByText("0 is less than 1.").waitFor();
  expect(await day.getAttribute("aria-invalid")).toBe("true");
  expect(await newestRun("formed")).toBeUndefined();
  expect(requests.slice(before).filter((request) => request.startsWith("POST"))).toEqual([]);

  await day.fill("2026-01-31");
  await page.getByLabel("top").fill("7");
  await page.getByRole("button", { name: "Add tags" }).click();
  await page.getByLabel(/tags-?1/).fill("x");
  await page.getByLabel("Labels").fill("gpu, big");
  await startIt(page);
  expect(await newestRun("formed")).toMatchObject({
    parameters: { day: "2026-01-31", top: 7, region: "eu", dry: false, tags: ["x"] },
    labels: ["gpu", "big"],
    boundary: null,
  });
});

test("what a form cannot say is given as JSON, and an earlier run is begun with", async () => {
  const id = await register("edited", { parameterSchema: SCHEMA });
  const visitor = await stage.visit(`/flows/${id}/run?as=json`);
  const { page } = visitor;
  const text = page.getByLabel("As JSON");
  await text.fill("{");
  await page.getByRole("button", { name: "Start it" }).click();
  await page.getByText(/The parameters are no JSON/).waitFor();
  await text.fill('{ "day": "2026-02-01", "dry": true, "more": 1 }');
  await page.getByRole("button", { name: "Start it" }).click();
  await page.getByText("is not a parameter of this flow").waitFor();
  await text.fill('{ "day": "2026-02-01", "dry": true }');
  await startIt(page);
  const runId = page.url().split("/").at(-1);
  await visitor.open(`/flows/${id}/run?from=${runId}`);
  expect(await page.getByLabel("Day (required)").inputValue()).toBe("2026-02-01");
  expect(await page.getByLabel("dry").isChecked()).toBe(true);
});

test("what the cloud says of a field stands at the field", async () => {
  const id = await register("raced", { parameterSchema: { properties: { top: { type: "integer" } } } });
  const { page } = await stage.visit(`/flows/${id}/run`);
  await page.getByLabel("top").fill("5");
  await register("raced", { parameterSchema: { properties: { top: { type: "integer", maximum: 3 } } } });
  await page.getByRole("button", { name: "Start it" }).click();
  await page
    .getByRole("listitem")
    .filter({ hasText: /^must / })
    .waitFor();
});

const endless = { properties: { left: { $ref: "#/$defs/tree" } }, $defs: { tree: { $ref: "#/$defs/tree" } } };
const tree = { type: "object", properties: { left: { $ref: "#" }, n: { type: "number" } } };
const choices = { properties: { one: { enum: Array.from({ length: 20_000 }, (_, index) => `choice ${index}`) } } };
const styled = {
  properties: { "<style>*{color:red}</style>": { type: "wrong" }, b: { format: "data-url", type: "string" } },
};

test.each<[string, object, RegExp]>([
  ["endless", endless, /no form|No form/],
  ["tree", tree, /left/],
  ["choices", choices, /One of 20000: type it/],
  ["styled", styled, /No field can be shown/],
  ["nameless", { type: "object", additionalProperties: true }, /names no parameters one by one/],
])("a hostile schema breaks no page: %s", async (name, parameterSchema, told) => {
  const id = await register(`hostile-${name}`, { parameterSchema });
  const { page } = await stage.visit(`/flows/${id}/run`);
  await page.getByText(told).first().waitFor();
  await page.getByRole("button", { name: "Start it" }).waitFor();
});

test("parameters are sealed in the browser where the flow asks, for keys that came on another way than the cloud", async () => {
  const boundary = { parameter: "seal" };
  const id = await register("sealed", { parameterSchema: SCHEMA, parameterDefaults: { region: "eu" }, boundary });
  const { page } = await stage.visit(`/flows/${id}/run`);
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  await page.getByLabel("Day (required)").fill(CANARY);
  await page.getByText("This browser knows no keys to seal for.", { exact: false }).waitFor();
  const button = page.getByRole("button", { name: "Start it" });
  expect(await button.isDisabled()).toBe(true);

  const [inside, reader, eve] = [await generateSealKey(), await generateSealKey("P-256"), await generateSealKey()];
  const file = async (name: string, key: typeof inside) => {
    const recipients = [{ name: "ada", jwk: publicHalf(reader) }];
    const path = join(stage.folder, name);
    await writeFile(path, JSON.stringify({ version: 1, inside: publicHalf(key), recipients, signers: [] }));
    return path;
  };
  const input = page.getByLabel("Import a trust file");
  await input.setInputFiles(await file("weir.trust.json", inside));
  await page.getByText(inside.kid).waitFor();
  await page.getByText("Trust file of this browser").click();
  await input.setInputFiles(await file("other.json", eve));
  await page.getByText("names other keys than the one that is kept here", { exact: false }).waitFor();
  await startIt(page);

  expect(sent.join("\n")).not.toContain(CANARY);
  const run = await newestRun("sealed");
  expect(run?.boundary).toEqual({ parameter: "seal" });
  // No default that the cloud told is sealed in the person's name.
  for (const key of [inside, reader])
    expect(await new Keyring([key]).openJson(run?.parameters ?? null)).toEqual({ day: CANARY, dry: false });
  await expect(new Keyring([eve]).openJson(run?.parameters ?? null)).rejects.toThrow(/sealed for the keys/);

  // With a trust file all that is typed here is sealed, until the person says otherwise.
  const plain = await register("plain-flow", { parameterSchema: { properties: { day: { type: "string" } } } });
  await page.goto(`${stage.cloud.url}/flows/${plain}/run`);
  await page.getByLabel("day").fill(CANARY);
  await page.getByText("They are sealed in this browser").waitFor();
  await startIt(page);
  expect(sent.join("\n")).not.toContain(CANARY);
  expect(Object.keys((await newestRun("plain-flow"))?.parameters ?? {})).toEqual(["$sealed"]);
});

test("a flow that drops its parameters is given none", async () => {
  const id = await register("dropped", {
    parameterSchema: { properties: { day: {} } },
    boundary: { parameter: "drop" },
  });
  const { page } = await stage.visit(`/flows/${id}/run`);
  await page.getByText("None can be given", { exact: false }).waitFor();
  expect(await page.getByLabel("day").count()).toBe(0);
  await startIt(page);
  expect(await newestRun("dropped")).toMatchObject({ parameters: {}, boundary: { parameter: "drop" } });
});

test("versions are compared, archived and brought back, and a flow is deleted when its name is typed", async () => {
  await register("versioned", { description: "one", tasks: [{ name: "load", tags: [], retries: 1 }] });
  const id = await register("versioned", { description: "two", tasks: [{ name: "load", tags: [], retries: 2 }] });
  const visitor = await stage.visit(`/flows/${id}/versions/2`);
  const { page } = visitor;
  await page.getByText('"retries": 1').waitFor();
  await page.getByText('"retries": 2').first().waitFor();
  await visitor.open(`/flows/${id}`);
  const rows = page.getByRole("table", { name: "Versions of the flow" }).getByRole("row");
  await rows.filter({ hasText: "archived" }).getByRole("button", { name: "Unarchive" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Unarchive" }).click();
  await rows.filter({ hasText: "kept" }).waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete versioned" });
  await dialog.getByLabel("To delete it, type its name: versioned").fill("version");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await dialog.getByText("That is not the flow’s name", { exact: false }).waitFor();
  await dialog.getByLabel("To delete it, type its name: versioned").fill("versioned");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { level: 1, name: "Flows" }).waitFor();
  await page.getByLabel("Name").fill("versioned");
  await page.getByText("No flow fits").waitFor();
});

test("a schedule is switched off and on, and settings survive in the place of what the version says", async () => {
  const schedules = [{ name: "mornings", clock: { cron: "0 6 * * *" }, zone: "Europe/Berlin" }];
  const id = await register("timed", { description: "of the version", schedules });
  const { page } = await stage.visit(`/flows/${id}`);
  const row = page.getByRole("row").filter({ hasText: "mornings" });
  await row.getByText("0 6 * * *").waitFor();
  await row.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await row.getByText("switched off").waitFor();
  await row.getByRole("button", { name: "Switch on" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Switch on" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await row.getByText("switched off").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Change" }).click();
  const dialog = page.getByRole("dialog", { name: "Change the settings of timed" });
  await dialog.getByLabel("Description").fill("of a person");
  await dialog.getByLabel("Default parameters").fill("[1]");
  await dialog.getByRole("button", { name: "Change" }).click();
  await dialog.getByText("The default parameters are no JSON object", { exact: false }).waitFor();
  await dialog.getByLabel("Default parameters").fill('{ "top": 5 }');
  await dialog.getByRole("button", { name: "Change" }).click();
  await page.getByText("of a person").waitFor();
  await page.getByText('{"top":5}').waitFor();
});

test("the wizard makes a key, shows it once, and sees the agent that comes with it; what it cannot take says why", async () => {
  const visitor = await stage.visit("/agents/enrol");
  const { page } = visitor;
  await page.getByText("Waiting for the agent to be heard of", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = await page.locator("code", { hasText: "weir_a_" }).textContent();
  await page.getByText(`WEIR_API_URL=${stage.cloud.url} WEIR_AGENT_KEY_FILE=agent-key weir agent start`).waitFor();
  const path = join(stage.folder, "agent-key");
  await writeFile(path, `${key}\n`, { mode: 0o600 });
  stage.startAgent("first", { WEIR_AGENT_KEY: "", WEIR_AGENT_KEY_FILE: path });
  await page.getByText(/first is here: version/).waitFor();

  const id = await register("for-gpus", { labels: ["gpu"] });
  await visitor.open(`/flows/${id}/run`);
  await startIt(page);
  await visitor.open("/agents");
  await page.getByRole("button", { name: "What waits, as first sees it" }).click();
  const row = page.getByRole("row").filter({ hasText: "for-gpus" });
  await row.getByText("first lacks the labels gpu.").waitFor();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("new disks");
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await page.getByText(/: new disks/).waitFor();
  await page.getByRole("button", { name: "Resume first" }).click();
  await page.getByText("takes runs").waitFor();
});
