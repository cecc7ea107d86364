import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Contender, Contest } from "../contest.ts";

const MEASURE = fileURLToPath(new URL("measure.ts", import.meta.url));
const LINES = 50_000;

function inProcess(what: string, lines: number): Contender {
  return {
    units: lines,
    measure: async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [MEASURE, what, String(lines)]);
      return [Number(stdout)];
    },
  };
}

/** What striking out costs: 50 secrets in all their shapes and the tokens of known formats, in log text that holds none, on one core. */
export const redaction: Contest = {
  id: "redaction",
  unit: "MB/s",
  lines: [
    {
      what: "redaction of 50 secrets and of tokens, the lines of a report together",
      ours: "reports",
      peer: "one regular expression of the bare secrets",
      limit: "every character read once",
      statistic: "p50",
      goal: { atLeast: 200 },
    },
    {
      what: "redaction of 50 secrets and of tokens, line by line",
      ours: "lines",
      peer: "one regular expression of the bare secrets",
      limit: "every character read once",
      statistic: "p50",
      goal: { atLeast: 200 },
    },
  ],
  open: async (_stage, scale) => {
    const lines = Math.ceil(LINES * scale);
    return {
      reports: inProcess("reports", lines),
      lines: inProcess("lines", lines),
      "one regular expression of the bare secrets": inProcess("regexp", lines),
      "every character read once": inProcess("characters", lines),
    };
  },
};
