import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOSTILE, HOSTILE_LINES } from "./testing/hostile-strings.ts";
import { setStage, type Stage } from "./testing/stage.ts";
import { stateOf } from "./testing/addresses.ts";
import type { Visitor } from "./testing/visitor.ts";

// Sixty hostile texts in everything that a user of the cloud can write. That no script runs and the policy has nothing to stop is asserted of every page.

const FLOWS = `
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";

const NAMES = ${JSON.stringify(HOSTILE)};
const LINES = ${JSON.stringify(HOSTILE_LINES)};

// The command line refuses these by itself.
const PARAMETERS = NAMES.filter((name) => name !== "__proto__" && name !== "constructor");
const tasks = NAMES.map((name, n) => task(name, { runName: () => NAMES[59 - n], tags: [name] }, () => run.log.info(name)));
const fails = task("fails", (n: number) => {
  throw new TypeError(LINES.join("\\n"), { cause: new Error(NAMES[n]) });
});

export const shows = flow(
  NAMES[0],
  { description: NAMES[1], parameters: z.object(Object.fromEntries(PARAMETERS.map((name) => [name, z.string().default(name).describe(name)]))) },
  async () => {
    for (const start of tasks) await start();
    for (const line of LINES) run.log.warn(line);
    NAMES.forEach((name, n) => {
      if (n % 3 === 0) run.artifact.markdown(name, LINES.join("\\n\\n") + "\\n\\n" + name);
      if (n % 3 === 1) run.artifact.link(name, { url: name, text: NAMES[n - 1] });
      if (n % 3 === 2) run.artifact.table(name, [Object.fromEntries([[name, name], [NAMES[n - 1], name]])]);
    });
    await fails(2);
  },
);
${HOSTILE.slice(1)
  .map((_name, n) => `export const flow${n} = flow(NAMES[${n + 1}], { description: NAMES[${n + 1}] }, () => 1);`)
  .join("\n")}
`;

const MUTATIONS: Readonly<Record<string, (text: string) => object>> = {
  setKv: (text) => ({ key: text, value: { [text]: text } }),
  setTaskLimit: (text) => ({ tag: text, slots: 1 }),
  createApiKey: (text) => ({ name: text, scope: "agent" }),
  createRole: (text) => ({ name: text, permissions: ["run:read"] }),
  createProject: (text) => ({ name: text }),
  createServiceAccount: (text) => ({ name: text }),
};
const INPUTS: Readonly<Record<string, string>> = {
  setKv: "SetKvInput",
  setTaskLimit: "SetTaskLimitInput",
  createApiKey: "CreateApiKeyInput",
  createRole: "CreateRoleInput",
  createProject: "CreateProjectInput",
  createServiceAccount: "CreateServiceAccountInput",
};

let stage: Stage;
let run: string;
beforeAll(async () => {
  stage = await setStage({ files: { "hostile.flow.ts": FLOWS } });
  stage.startAgent("box");
  await stage.weir(["register", "hostile.flow.ts"]);
  for (const [name, inputOf] of Object.entries(MUTATIONS))
    for (const text of HOSTILE) await change(name, INPUTS[name] ?? "", inputOf(text));
  for (const text of HOSTILE.slice(1))
    await change("createFlowRun", "CreateFlowRunInput", { project: "default", flow: text, name: text, labels: [text] });
  run = await start();
  await eventually(async () => (await stateOf(stage, run)) === "Failed", { timeoutMs: 60_000 });
}, 180_000);
afterAll(() => stage.end());

/** What the cloud refuses to take is not shown either. */
async function change(name: string, input: string, value: object): Promise<void> {
  await stage.ask(`mutation ($input: ${input}!) { result: ${name}(input: $input) { __typename } }`, { input: value });
}

async function start(): Promise<string> {
  const input = { project: "default", flow: HOSTILE[0], name: HOSTILE[2], labels: [] };
  const query = `mutation ($input: CreateFlowRunInput!) { result: createFlowRun(input: $input) {
    ... on CreateFlowRunPayload { flowRun { id } } } }`;
  return (await stage.ask<{ result: { flowRun: { id: string } } }>(query, { input })).result.flowRun.id;
}

test("there are sixty of them, and the cloud took them", async () => {
  expect(new Set(HOSTILE).size).toBe(60);
  const { flows, kvEntries } = await stage.ask<{ flows: { nodes: unknown[] }; kvEntries: { nodes: unknown[] } }>(
    "{ flows(first: 200) { nodes { id } } kvEntries(first: 200) { nodes { key } } }",
  );
  expect([flows.nodes.length, kvEntries.nodes.length].every((count) => count >= 58)).toBe(true);
});

/** Whatever could act, of what the page made of the texts. */
const HARM = `JSON.stringify([
  ...document.querySelectorAll("iframe, object, embed, base, form[action], meta[http-equiv=refresh], math, style:not([data-own])"),
  ...[...document.querySelectorAll("script, link, img, source, video, use, a")].filter((node) => {
    const address = node.href?.baseVal ?? node.href ?? node.src ?? "";
    const ofPage = address === "" || new URL(address, location.href).origin === location.origin;
    const isLink = node.tagName === "A" && /^https?:/.test(address) && node.rel.includes("noopener");
    return !ofPage && !isLink;
  }),
  ...[...document.querySelectorAll("*")].filter((node) => node.getAttributeNames().some((name) => name.startsWith("on"))),
].map((node) => node.outerHTML.slice(0, 200)))`;

/** Looks at all of a page, also at what is drawn only in sight. */
async function lookThrough({ page, settled }: Visitor): Promise<void> {
  for (let step = 0; step < 6; step += 1) {
    await page.mouse.move(640, 600);
    await page.mouse.wheel(0, 1_400);
    await settled();
    expect(JSON.parse(String(await page.evaluate(HARM)))).toEqual([]);
  }
  expect(await page.evaluate("[globalThis.pwned, {}.pwned].join()")).toBe(",");
}

test.each([
  "/",
  "/runs",
  "/flows",
  "/agents",
  "/limits",
  "/kv",
  "/keys",
  "/members",
  "/audit",
  "/settings",
  "/holdings",
  "/graphiql",
])("%s shows them as texts", async (path) => {
  await lookThrough(await stage.visit(path));
});

test.each(["timeline", "graph", "tasks", "logs", "states", "parameters", "results", "artifacts", "attempts"])(
  "the %s of a run show them as texts",
  async (tab) => {
    const visitor = await stage.visit(`/runs/${run}?tab=${tab}`);
    expect(await visitor.page.title()).toContain(HOSTILE[2]);
    await lookThrough(visitor);
  },
);

test("a task run, a log, a flow, its version and its form show them as texts", async () => {
  const { flow } = await stage.ask<{ flow: { id: string } }>(
    'query ($name: String!) { flow(project: "default", name: $name) { id } }',
    { name: HOSTILE[0] },
  );
  const visitor = await stage.visit(`/runs/${run}/tasks/3`);
  await lookThrough(visitor);
  const paths = [`/runs/${run}/logs`, `/flows/${flow.id}`, `/flows/${flow.id}/versions/1`, `/flows/${flow.id}/run`];
  for (const path of paths) {
    await visitor.open(path);
    await lookThrough(visitor);
  }
});

test("an address that asks for any of them shows it as a text", async () => {
  const visitor = await stage.visit("/runs");
  for (const text of HOSTILE.filter((_text, n) => n % 5 === 3)) {
    const asked = encodeURIComponent(text);
    await visitor.open(`/runs?flow=${asked}&name=${asked}&label=${asked}&project=${asked}&state=${asked}`);
    expect(JSON.parse(String(await visitor.page.evaluate(HARM)))).toEqual([]);
  }
  expect(await visitor.page.evaluate("[globalThis.pwned, {}.pwned].join()")).toBe(",");
});
