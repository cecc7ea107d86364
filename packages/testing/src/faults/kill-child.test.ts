import { expect, test } from "vitest";
import { runCampaign } from "./campaign.ts";
import { chooseSeed } from "./random.ts";
import { MOST_TOLD } from "./report.ts";

// WEIR_FAULTS_SEED repeats the moments of a failure as far as a machine can; WEIR_FAULTS_KILLS raises the dose.
const kills = Number(process.env.WEIR_FAULTS_KILLS ?? 30);

test("every run ends well after SIGKILL of a flow's process at random moments", { timeout: 10 * 60_000 }, async () => {
  const seed = chooseSeed(process.env, Date.now());
  const { violations, runs } = await runCampaign({ target: "child", kills, seed });
  expect(violations.slice(0, MOST_TOLD), `WEIR_FAULTS_SEED=${seed}`).toEqual([]);
  expect(runs).toBeGreaterThan(0);
});
