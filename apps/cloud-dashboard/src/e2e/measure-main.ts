import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { measureAll } from "./testing/measure/measure.ts";
import { reportOf } from "./testing/measure/report.ts";

// `node apps/cloud-dashboard/src/e2e/measure-main.ts [LINES]`: the page's budgets, measured in Debian's Chromium against a cloud of its own.

const REPORT = resolve(import.meta.dirname, "../../../../docs/dashboard-report.md");

const lines = Number(process.argv[2] ?? 1_000_000);
const report = reportOf(await measureAll(lines, (sentence) => process.stderr.write(`${sentence} …\n`)));
writeFileSync(REPORT, report);
process.stdout.write(report);
