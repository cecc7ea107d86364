import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { RunnerOfTest } from "../testing/child-process.ts";
import { flowDirectory } from "../testing/flow-directory.ts";

const TASKS = `
const load = task("load", () => [1, 2]);
const kept = task("kept", { checkpoint: false }, (list) => list.length);
const body = async () => await kept(load());
`;
const IMPORT = `import { flow, task } from "@weir/sdk";${TASKS}`;
const REQUIRE = `const { flow, task } = require("@weir/sdk");${TASKS}`;

/** Every way in which a flow's file may be written and found. */
const WAYS: Readonly<Record<string, { readonly entry: string; readonly text: string }>> = {
  "a TypeScript file, by default export": { entry: "flow.ts", text: `${IMPORT}export default flow("f", body);` },
  "a TypeScript file, by name": { entry: "flow.ts", text: `${IMPORT}export const f = flow("f", body);` },
  "a TypeScript module by its ending": { entry: "flow.mts", text: `${IMPORT}export default flow("f", body);` },
  "a JavaScript file": { entry: "flow.js", text: `${IMPORT}export default flow("f", body);` },
  "a JavaScript module by its ending": { entry: "flow.mjs", text: `${IMPORT}export default flow("f", body);` },
  "a CommonJS file": { entry: "flow.cjs", text: `${REQUIRE}module.exports = { f: flow("f", body) };` },
  "a file below the directory": { entry: "flows/daily/f.ts", text: `${IMPORT}export default flow("f", body);` },
};

async function locations(way: { entry: string; text: string }, resultsDirectory: string | null): Promise<string[]> {
  const directory = flowDirectory({ "package.json": '{"type":"module"}', [way.entry]: way.text });
  const runner = new RunnerOfTest().start(directory, { entry: way.entry, resultsDirectory });
  expect(await runner.finished()).toMatchObject({ kind: "flow", state: "Success" });
  return runner.events.flatMap((event) =>
    event.kind === "task" && event.location !== undefined ? [event.location] : [],
  );
}

for (const [name, way] of Object.entries(WAYS)) {
  test(`storage that brings a store attaches it, and tasks checkpoint by default: ${name}`, async () => {
    const results = mkdtempSync(join(tmpdir(), "weir results "));
    onTestFinished(() => rmSync(results, { recursive: true, force: true }));
    expect(await locations(way, results)).toHaveLength(1);
    expect(readdirSync(results)).toEqual(["f"]);
  });
}

test("storage that brings none, as Docker's, attaches none: nothing is written", async () => {
  const [way] = Object.values(WAYS);
  expect(way === undefined ? null : await locations(way, null)).toEqual([]);
});
