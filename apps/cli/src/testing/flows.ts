// Flow files for tests, as a user writes them.

export const SUM_FLOW = `
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";

const double = task("double", (n: number) => 2 * n);
const add = task("add", (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0));

export default flow(
  "sum",
  { parameters: z.object({ upTo: z.number().int(), label: z.string().default("total") }) },
  async ({ upTo, label }) => {
    const doubled = double.map(Array.from({ length: upTo }, (_, n) => n + 1));
    const sum = await add(doubled);
    run.log.info(label + " is \\u001b[31m" + sum);
    run.artifact.markdown("report", "# The " + label);
    return sum;
  },
);
`;

/** Waits until a file appears, or it is cancelled; fails when the file says so. */
export const GATE_FLOW = `
import { existsSync, readFileSync } from "node:fs";
import { flow, run, task } from "@weir/sdk";
import { z } from "zod";

const before = task("before", () => "done");
const wait = task("wait", async (file: string) => {
  run.log.info("waiting");
  while (!existsSync(file)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    run.signal.throwIfAborted();
  }
  const word = readFileSync(file, "utf8");
  if (word === "fail") throw new Error("the gate says fail");
  return word;
});

export default flow("gate", { parameters: z.object({ file: z.string() }) }, async ({ file }) => {
  await before();
  return await wait(file);
});
`;

export const BROKEN_FILES: Readonly<Record<string, string>> = {
  "syntax.ts": "export default flow(",
  "missing.ts": 'import "./absent.ts";\n',
  "none.ts": "export const answer = 42;\n",
  "exits.ts": "process.exit(0);\n",
  "twins.ts":
    'import { flow } from "@weir/sdk";\nexport const a = flow("twin", () => 1);\nexport const b = flow("twin", () => 2);\n',
  "two.ts":
    'import { flow } from "@weir/sdk";\nexport const a = flow("first", () => 1);\nexport const b = flow("second", () => 2);\n',
};
