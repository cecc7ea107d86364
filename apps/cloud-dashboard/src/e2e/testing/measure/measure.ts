import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { buildHouse, type House } from "./house.ts";
import type { Figure } from "./report.ts";

const ROUNDS = 5;
const MOST_MS = 60_000;
const KB = 1024;

/** Measures every budget of the page, each in a tab of its own, the timed ones five times (the median counts). */
export async function measureAll(lines: number, tell: (sentence: string) => void): Promise<Figure[]> {
  const house = await buildHouse(lines, tell);
  try {
    tell("the overview");
    const overview = await firstLoad(house);
    tell("the run page");
    const run = await median(() => interactive(house, `/runs/${house.wideId}`));
    const [frames, worst] = await scrollFrames(house);
    tell("the list of runs");
    const runs = await median(() => afterData(house));
    tell("the log");
    const [stored, heap, tab] = await logMemory(house);
    const log = `log of ${stored.toLocaleString("en")} lines`;
    const tasks = "5,000 task runs";
    return [
      figure("first load of the overview", overview / KB, "KB", 250, "scripts as they came over the wire"),
      figure(`run page of ${tasks}`, run, "ms", 1_500, "from the address to drawn rows and an idle page; median of 5"),
      { ...figure(`scrolling the ${tasks}`, frames, "frames/s", 60, "3 s, 40 px a frame"), better: "more" },
      figure("longest frame of these", worst, "ms", 50, "the same 3 s"),
      figure(`${log}: what scripts hold`, heap / KB / KB, "MB", 200, "after ten leaps through it, garbage collected"),
      figure(`${log}: all of the tab's process`, tab / KB / KB, "MB", 200, "private memory, Chromium's own with it"),
      figure("list of 300 runs", runs, "ms", 300, "from the end of the answer to drawn rows; median of 5"),
    ];
  } finally {
    await house.end();
  }
}

function figure(name: string, value: number, unit: string, budget: number, how: string): Figure {
  return { name, value, unit, budget, better: "less", how };
}

async function median(once: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) all.push(await once());
  return all.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

async function firstLoad({ open }: House): Promise<number> {
  const page = await open("/");
  await page.waitForLoadState("networkidle");
  const bytes = await page.evaluate(
    `performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js")).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
  );
  await page.context().close();
  return Number(bytes);
}

interface Seen {
  readonly rows: number | null;
  readonly busyUntil: number;
}

/** Waits for rows, and until nothing kept the page busy for half a second. */
async function idle(page: Page): Promise<Seen> {
  for (const until = Date.now() + MOST_MS; Date.now() < until;) {
    const [seen, now] = await page.evaluate<[Seen, number]>("[seen, performance.now()]");
    if (seen.rows !== null && now - Math.max(seen.rows, seen.busyUntil) > 500) return seen;
    await sleep(50);
  }
  throw new Error(`${page.url()} did not come to rest within ${MOST_MS / 1_000} s.`);
}

async function interactive({ open }: House, path: string): Promise<number> {
  const page = await open(path);
  const { rows, busyUntil } = await idle(page);
  await page.context().close();
  return Math.max(rows ?? 0, busyUntil);
}

async function afterData({ open }: House): Promise<number> {
  const page = await open("/runs");
  const { rows } = await idle(page);
  const answered = await page.evaluate(
    `Math.max(...performance.getEntriesByType("resource").filter(({ name, responseEnd }) => name.endsWith("/graphql") && responseEnd <= seen.rows).map(({ responseEnd }) => responseEnd))`,
  );
  await page.context().close();
  return (rows ?? 0) - Number(answered);
}

const SCROLL = `new Promise((done) => {
  const panes = [document.scrollingElement, ...document.querySelectorAll("main *")];
  const pane = panes.toSorted((a, b) => (b.scrollHeight - b.clientHeight) - (a.scrollHeight - a.clientHeight))[0];
  const times = [];
  const step = (now) => {
    times.push(now);
    if (now - times[0] > 3_000) return done(times);
    pane.scrollTop += 40;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

/** Frames in a second, and the longest of them in milliseconds. */
async function scrollFrames({ open, wideId }: House): Promise<[number, number]> {
  const page = await open(`/runs/${wideId}?tab=tasks`);
  await page.locator("h1").waitFor();
  await sleep(2_000);
  const times = await page.evaluate<number[]>(SCROLL);
  await page.context().close();
  const gaps = times.slice(1).map((at, n) => at - (times[n] ?? at));
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
  return [gaps.length / seconds, Math.max(...gaps)];
}

const LEAPS = [1, 0, 0.5, 0.25, 0.9, 0.1, 0.7, 0.3, 0.6, 1];

/** The number of the last line, and in bytes: what scripts hold, and all of the tab's process. */
async function logMemory({ open, talksId, browser }: House): Promise<[number, number, number]> {
  const page = await open(`/runs/${talksId}/logs`);
  const lines = page.getByRole("log").getByText(/^row \d+ of the nightly import/);
  await lines.first().waitFor();
  for (const part of LEAPS) {
    await page.evaluate(
      `{ const log = document.querySelector("[role=log]"); log.scrollTop = ${part} * (log.scrollHeight - log.clientHeight); }`,
    );
    await sleep(700);
  }
  const stored = await lastNumber(page, talksId);
  // Or less was looked at than is said.
  await page.getByRole("log").getByText(String(stored), { exact: true }).first().waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { processInfo } = await (await browser.newBrowserCDPSession()).send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => privateBytes(id));
  await page.context().close();
  return [stored, usedSize, Math.max(...renderers)];
}

async function lastNumber(page: Page, id: string): Promise<number> {
  const query = `{ flowRun(id: "${id}") { logs(last: 1) { nodes { number } } } }`;
  return await page.evaluate<number>(
    `fetch("/graphql", { method: "POST", headers: { "content-type": "application/json", authorization: "Bearer " + sessionStorage.getItem("weir-key") }, body: ${JSON.stringify(JSON.stringify({ query }))} }).then((reply) => reply.json()).then(({ data }) => data.flowRun.logs.nodes[0].number)`,
  );
}

function privateBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].map(([, digits]) => Number(digits));
  return kilobytes.reduce((sum, one) => sum + one, 0) * KB;
}
