import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Addresses, furnish } from "./testing/addresses.ts";
import { setStage, type Stage } from "./testing/stage.ts";
import type { Visitor } from "./testing/visitor.ts";

// Every page, as people meet it: on a telephone, a tablet and a desk, by day and by night. The pictures stay for whoever looks at a change.

const PICTURES = resolve(import.meta.dirname, "../../screenshots");
const WIDTHS = [360, 768, 1280] as const;
const THEMES = ["light", "dark"] as const;

let stage: Stage;
let addresses: Addresses;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  stage = await setStage();
  addresses = await furnish(stage);
}, 120_000);
afterAll(() => stage.end());

const NAMES = [
  "overview",
  "runs",
  "run-succeeded",
  "run-failed",
  "run-paused",
  "run-logs",
  "task-run",
  "compare",
  "flows",
  "flow",
  "flow-start",
  "flow-version",
  "agents",
  "agents-enrol",
  "limits",
  "kv",
  "keys",
  "members",
  "audit",
  "settings",
  "holdings",
  "browser-keys",
  "graphiql",
];

test("every page has its place here", () => expect([...addresses.keys()]).toEqual(NAMES));

test.each(NAMES)("%s fits every width in both themes, and axe finds nothing serious", async (name) => {
  const visitor = await stage.visit(addresses.get(name) ?? "");
  expect(await visitor.page.locator("h1").count()).toBe(1);
  const found: string[] = [];
  for (const theme of THEMES) {
    await visitor.page.emulateMedia({ colorScheme: theme });
    for (const width of WIDTHS) found.push(...(await look(visitor, `${name}-${theme}-${width}`, width)));
    found.push(...(await seriousOf(visitor, theme)));
  }
  expect(found).toEqual([]);
});

async function look({ page }: Visitor, picture: string, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: 900 });
  await page.screenshot({ path: join(PICTURES, `${picture}.png`), animations: "disabled" });
  const beyond = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  return Number(beyond) <= 0 ? [] : [`${picture} is ${String(beyond)} px too wide`];
}

async function seriousOf({ page }: Visitor, theme: string): Promise<string[]> {
  // Legacy: without a second page, which the policy of the first has no say in.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${theme}: ${id} at ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}
