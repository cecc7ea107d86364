// Flow files as a user writes them: what the pages show.

/** Succeeds: a chain, a map, log lines with colours, an artifact, a form with a default and a choice. */
const REPORT = `
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";

const fetchOrders = task("fetch-orders", { retries: 1, retryDelay: "1s" }, async (day: string) => {
  run.log.info("fetching \\u001b[32m" + day + "\\u001b[0m");
  return [1, 2, 3];
});
const price = task("price", (order: number) => order * 10);
const sum = task("sum", (prices: readonly number[]) => prices.reduce((total, one) => total + one, 0));

export default flow(
  "nightly-report",
  {
    parameters: z.object({
      day: z.string().default("2026-11-20"),
      region: z.enum(["eu", "us"]).default("eu"),
      fails: z.boolean().default(false),
    }),
  },
  async ({ day, region, fails }) => {
    const orders = await fetchOrders(day);
    const total = await sum(price.map(orders));
    run.artifact.markdown("report", "# Orders of " + region + "\\n\\n| n | price |\\n|---|---|\\n| 1 | 10 |\\n");
    if (fails) throw new Error("the books of " + region + " do not balance");
    return total;
  },
);
`;

/** Fails until a file is there, so that a restart can succeed. */
const FRAGILE = `
import { existsSync } from "node:fs";
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";

const load = task("load", () => 5);
const parse = task("parse", (rows: number, file: string) => {
  run.log.error("row 7 of " + rows + " is broken");
  if (!existsSync(file)) throw new TypeError("cannot parse column 7", { cause: new Error("unexpected end at line 12") });
  return rows;
});

export default flow("fragile-import", { parameters: z.object({ file: z.string() }) }, async ({ file }) => {
  return await parse(await load(), file);
});
`;

/** Waits for a person. */
const APPROVAL = `
import { flow, pause, run, task } from "@weir/sdk";

const prepare = task("prepare", () => 3);
const publish = task("publish", (count: number) => {
  if (!run.approved) throw pause(count + " pages will be published. Is that right?");
  return count;
});

export default flow("publication", async () => await publish(prepare()));
`;

/** Runs until it is stopped. */
const ENDLESS = `
import { setTimeout as sleep } from "node:timers/promises";
import { flow, run, task } from "@weir/sdk";

const wait = task("wait", async () => {
  run.log.info("waiting to be stopped");
  await sleep(600_000, undefined, { signal: run.signal });
});

export default flow("endless", async () => await wait());
`;

export const SAMPLE_FLOWS: Readonly<Record<string, string>> = {
  "report.flow.ts": REPORT,
  "fragile.flow.ts": FRAGILE,
  "approval.flow.ts": APPROVAL,
  "endless.flow.ts": ENDLESS,
};
