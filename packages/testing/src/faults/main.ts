// The long dose: `node packages/testing/src/faults/main.ts --kills 300 --seed 7`. Kills each target so often, one target after the other,
// and writes what came of it to docs/reliability-report.md. With `--replicas 300`, restarts one of two clouds every 10 s for 300 s instead.
// Ends with exit code 1 when anything was violated.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../repository/repository.ts";
import { type CampaignReport, runCampaign } from "./campaign.ts";
import { chooseSeed } from "./random.ts";
import { runReplicas } from "./replicas.ts";
import { MOST_TOLD, renderReplicas, renderReport } from "./report.ts";
import { TARGETS } from "./targets.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "300" },
    seed: { type: "string" },
    target: { type: "string", multiple: true },
    replicas: { type: "string" },
  },
});
const page = join(root, "docs/reliability-report.md");
const [kept, replicasKept = ""] = readFileSync(page, "utf8").split(/(?=^## Two replicas)/m);
if (values.replicas !== undefined) {
  const report = await runReplicas({ seconds: Number(values.replicas), everySeconds: 10, users: 6 });
  const section = renderReplicas(report, new Date());
  console.log(section);
  writeFileSync(page, `${kept?.trimEnd()}\n\n${section}`);
  process.exit(report.violations.length > 0 ? 1 : 0);
}

const kills = Number(values.kills);
const seed = chooseSeed({ WEIR_FAULTS_SEED: values.seed }, Date.now());
const targets = TARGETS.filter((target) => values.target?.includes(target) ?? true);
if (!Number.isInteger(kills) || kills < 1 || targets.length === 0) {
  console.error(`--kills takes a whole number from 1 on, --target one of ${TARGETS.join(", ")}.`);
  process.exit(2);
}

const reports: CampaignReport[] = [];
for (const target of targets) {
  const report = await runCampaign({ target, kills, seed });
  console.log(
    `${target}: ${kills} kills, ${report.runs} runs, ${report.seconds} s, ${report.violations.length} violations`,
  );
  for (const violation of report.violations.slice(0, MOST_TOLD)) console.log(`  ${violation}`);
  reports.push(report);
}
writeFileSync(page, [renderReport(reports, new Date()), replicasKept].filter((part) => part !== "").join("\n"));
process.exitCode = reports.some(({ violations }) => violations.length > 0) ? 1 : 0;
