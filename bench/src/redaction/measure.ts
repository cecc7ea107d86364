import { Redactor } from "@weir/gate";
import { logLines, secretsOfService } from "./log-text.ts";

// Measures redaction, in a process of its own: `node measure.ts <what> <lines>` prints MB of log text for each second of its CPU.

/** So many lines of one logger stand in a full report. */
const REPORT = 500;

function inReports(lines: readonly string[]): (readonly string[])[] {
  const count = Math.ceil(lines.length / REPORT);
  return Array.from({ length: count }, (_, i) => lines.slice(i * REPORT, (i + 1) * REPORT));
}

function redactor(): Redactor {
  const made = new Redactor();
  made.add(secretsOfService());
  return made;
}

function sumOf(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (sum + text.charCodeAt(at)) | 0;
  return sum;
}

const quote = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** What each takes; it answers how many lines it changed. */
const measures: Readonly<Record<string, (lines: readonly string[]) => () => number>> = {
  reports: (lines) => {
    const made = redactor();
    const reports = inReports(lines);
    return () => reports.filter((report) => made.redactAll(report) !== report).length;
  },
  lines: (lines) => {
    const made = redactor();
    return () => lines.filter((line) => made.redact(line) !== line).length;
  },
  // Only as they are written: with all the shapes that ours looks for it would be slower still.
  regexp: (lines) => {
    const all = secretsOfService().flatMap((secret) => secret.split("\n"));
    const pattern = new RegExp(all.map(quote).join("|"), "g");
    return () => lines.filter((line) => line.replace(pattern, "[redacted]") !== line).length;
  },
  // What JavaScript needs to look at every character once.
  characters: (lines) => {
    const reports = inReports(lines);
    return () => reports.filter((report) => sumOf(report.join("")) === 0).length;
  },
};

function cpuSeconds(work: () => number): number {
  const before = process.cpuUsage();
  const changed = work();
  if (changed > 0) throw new Error(`${changed} lines hold a secret, and none should.`);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const [, , what = "", count = "0"] = process.argv;
const lines = logLines(Number(count));
const work = measures[what]?.(lines);
if (work === undefined) throw new Error(`There is no measure ${what}.`);
const megabytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0) / 1e6;
// The best of some rounds: what else the machine does can only make it slower.
const best = Math.min(...Array.from({ length: 9 }, () => cpuSeconds(work)));
console.log(JSON.stringify(megabytes / best));
