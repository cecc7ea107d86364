import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { startChromium } from "../chromium.ts";
import { type Command, startWeir, weir } from "../processes.ts";
import { makeSampleProject } from "../sample-project.ts";

const FLOWS = `
import { flow, run, task } from "@weir/sdk";
import { setTimeout as breathe } from "node:timers/promises";
import { z } from "zod";

const work = task("work", (n: number) => n);
export const wide = flow("wide", async () => {
  await work.map(Array.from({ length: 4_999 }, (_, n) => n));
});
export const talks = flow("talks", { parameters: z.object({ lines: z.number() }) }, async ({ lines }) => {
  for (let n = 0; n < lines; n += 1) {
    run.log.info("row " + n + " of the nightly import was read, checked and written to the store");
    // Slowly enough for the agent to keep up: of a flow that is faster than its cloud, lines give way.
    if (n % 500 === 0) await breathe(15);
  }
});
`;

/** A cloud of this machine with what is to be shown. */
export interface House {
  readonly url: string;
  readonly browser: Browser;
  /** A run of 5,000 task runs, and one of many log lines. */
  readonly wideId: string;
  readonly talksId: string;
  /** A tab of its own, signed in at an address. */
  readonly open: (path: string) => Promise<Page>;
  readonly end: () => Promise<void>;
}

/** Builds it: some minutes. */
export async function buildHouse(lines: number, tell: (sentence: string) => void): Promise<House> {
  const project = await makeSampleProject({ "flows.ts": FLOWS });
  const dev = startWeir(["dev", "--json", "--port", "0"], project.folder, {});
  const end = async () => {
    dev.child.kill("SIGINT");
    await dev.ended;
    await project.remove();
  };
  try {
    const { cloud, keys } = await announced(dev);
    const { userKey } = JSON.parse(readFileSync(keys, "utf8")) as { userKey: string };
    const url = cloud.replace(/\/$/, "");
    const ids = await furnish({ folder: project.folder, url, key: userKey, lines, tell });
    const browser = await startChromium();
    const endAll = async () => {
      await browser.close();
      await end();
    };
    return { url, browser, ...ids, open: (path) => openTab(browser, userKey, url + path), end: endAll };
  } catch (error) {
    await end();
    throw error;
  }
}

interface Furnishing {
  readonly folder: string;
  readonly url: string;
  readonly key: string;
  readonly lines: number;
  readonly tell: (sentence: string) => void;
}

async function furnish({ folder, url, key, lines, tell }: Furnishing) {
  const started = async (...args: string[]) => {
    const told = await weir(["run", ...args, "--json"], folder, {});
    return (JSON.parse(told) as { flowRun: { id: string } }).flowRun.id;
  };
  await weir(["register", "flows.ts"], folder, {});
  tell("300 runs for the list");
  for (let n = 0; n < 300; n += 1) await startWaiting(url, key, n);
  tell("a run of 5,000 task runs");
  const wideId = await started("wide");
  tell(`a run of ${lines} log lines`);
  const talksId = await started("talks", "--no-watch", "-p", `lines=${lines}`);
  await untilOver(url, key, talksId);
  return { wideId, talksId };
}

async function openTab(browser: Browser, key: string, address: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.addInitScript(`sessionStorage.setItem("weir-key", ${JSON.stringify(key)})`);
  await page.addInitScript(WATCH);
  await page.goto(address);
  return page;
}

/** Notes when rows were first drawn, and when the page was last busy for longer than a frame or three. */
const WATCH = `
  globalThis.seen = { rows: null, busyUntil: 0 };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.busyUntil = Math.max(seen.busyUntil, startTime + duration);
  }).observe({ type: "longtask", buffered: true });
  const look = () => {
    const row = document.querySelector("main tr[data-item], main [role=listitem]");
    if (row !== null) seen.rows = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);`;

async function announced(dev: Command): Promise<{ cloud: string; keys: string }> {
  while (!dev.written().endsWith("}\n")) {
    if (dev.child.exitCode !== null) throw new Error(dev.written());
    await sleep(100);
  }
  return JSON.parse(dev.written()) as { cloud: string; keys: string };
}

async function ask<T>(url: string, key: string, query: string, variables: object): Promise<T> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const reply = await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return ((await reply.json()) as { data: T }).data;
}

/** A run that no agent takes. */
async function startWaiting(url: string, key: string, n: number): Promise<void> {
  const input = { project: "default", flow: "wide", name: `waits-${n}`, labels: ["nobody"] };
  await ask(url, key, "mutation ($input: CreateFlowRunInput!) { createFlowRun(input: $input) { __typename } }", {
    input,
  });
}

async function untilOver(url: string, key: string, id: string): Promise<void> {
  const query = "query ($id: ID!) { flowRun(id: $id) { state } }";
  for (;;) {
    const { flowRun } = await ask<{ flowRun: { state: string } }>(url, key, query, { id });
    if (flowRun.state === "Success") return;
    if (["Failed", "Crashed"].includes(flowRun.state)) throw new Error(`The run of many lines is ${flowRun.state}.`);
    await sleep(1_000);
  }
}
