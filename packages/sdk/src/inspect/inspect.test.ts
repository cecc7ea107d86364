import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { expect, test } from "vitest";
import { flowDirectory } from "../testing/flow-directory.ts";
import type { Inspection } from "./inspect.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const PACKAGE = { "package.json": '{"type":"module"}' };

/** Inspects a file as the CLI does: in a process of its own, the document on file descriptor 3. */
async function inspect(...files: string[]): Promise<Inspection> {
  const child = spawn(process.execPath, [MAIN, ...files], { stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const [document, errors] = await Promise.all([text(child.stdio[3] as Readable), text(child.stdio[2] as Readable)]);
  if (document === "") throw new Error(errors);
  return JSON.parse(document) as Inspection;
}

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

const FLOW = `
import { flow, task } from "@weir/sdk";
import { z } from "zod";
import { helper } from "./lib/helper.ts";
console.log("noise on standard output");
const load = task("load", { retries: 3, tags: ["io"] }, helper);
export default flow("report", {
  description: "Every night.", labels: ["big"], boundary: { log: "drop", exception: "id-only" },
  parameters: z.object({ top: z.number().default(0).describe("how many"), day: z.string() }),
}, async () => await load());
export const other = flow("other", async () => await load());
export const again = other;
`;

test("prints the registrations of all flows that the file exports", async () => {
  const helper = 'import "node:fs";\nimport "installed";\nexport const helper = () => 1;\n';
  const installed = {
    "node_modules/installed/index.js": "",
    "node_modules/installed/package.json": '{"main":"index.js"}',
  };
  const directory = flowDirectory({
    ...PACKAGE,
    ...installed,
    "flows/report.ts": FLOW,
    "flows/lib/helper.ts": helper,
    "unused.ts": "",
  });
  const found = await inspect(join(directory, "flows/report.ts"));
  if (!found.ok) throw new Error(found.problem);
  const files = [
    { path: "flows/lib/helper.ts", sha256: sha256(helper) },
    { path: "flows/report.ts", sha256: sha256(FLOW) },
  ];
  const lines = files.map((file) => `${file.sha256}  ${file.path}\n`).sort();
  expect(found.flows.map(({ name }) => name).sort()).toEqual(["other", "report"]);
  expect(found.flows.find(({ name }) => name === "report")).toEqual({
    name: "report",
    description: "Every night.",
    labels: ["big"],
    tasks: [{ name: "load", retries: 3, tags: ["io"] }],
    parameterSchema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: { top: { type: "number", description: "how many" }, day: { type: "string" } },
      required: ["day"],
      additionalProperties: false,
    },
    parameterDefaults: { top: 0 },
    storage: { kind: "local", directory, entry: "flows/report.ts", codeDigest: sha256(lines.join("")), files },
    sdkVersion: "0.1.0",
    boundary: { log: "drop", exception: "id-only" },
  });
});

test("without a package.json above, the directory is the file's own; a link is followed", async () => {
  const source = 'import { flow } from "@weir/sdk";\nexport const f = flow("f", () => 1);\n';
  const directory = flowDirectory({ "deep/flow.ts": source });
  symlinkSync(join(directory, "deep/flow.ts"), join(directory, "link.ts"));
  const found = await inspect(join(directory, "link.ts"));
  expect(found).toMatchObject({
    ok: true,
    flows: [{ storage: { directory: join(directory, "deep"), entry: "flow.ts", files: [{ path: "flow.ts" }] } }],
  });
});

test("the same content has the same digest, another content another", async () => {
  const source = (n: number) => `import { flow } from "@weir/sdk";\nexport const f = flow("f", () => ${n});\n`;
  const directories = [1, 1, 2].map((n) => flowDirectory({ ...PACKAGE, "flow.ts": source(n) }));
  const found = await Promise.all(directories.map((directory) => inspect(join(directory, "flow.ts"))));
  const digests = found.map((one) => {
    const storage = one.ok ? one.flows[0]?.storage : undefined;
    return storage?.kind === "local" ? storage.codeDigest : null;
  });
  expect(digests[0]).toBe(digests[1]);
  expect(digests[2]).not.toBe(digests[0]);
});

const IMPORT = 'import { flow } from "@weir/sdk";\n';

test.each<[string, string, string]>([
  [
    "throws",
    'function connect() {\n  throw new TypeError("no database");\n}\nconnect();',
    "TypeError: no database (DIRECTORY/flow.ts:2:9)",
  ],
  ["has wrong syntax", "export const = 1;", "DIRECTORY/flow.ts does not load. SyntaxError"],
  ["imports what is not installed", 'import "left-pad";', "Cannot find package 'left-pad'"],
  ["throws something odd", "throw 7;", "it threw 7"],
  [
    "throws in a timer",
    "setTimeout(() => { throw new Error('late'); }, 1); await new Promise(() => setInterval(() => {}, 1e6));",
    "Error: late",
  ],
  ["exports no flow", "export const x = 1;", "exports no flow"],
  [
    "exports two flows of one name",
    `${IMPORT}export const a = flow("f", () => 1); export const b = flow("f", () => 2);`,
    'two flows named "f"',
  ],
  ["ends the process", "process.exit(0);", "ends the process while it is loaded"],
  ["waits for ever", "await new Promise(() => {});", "waits for something that never comes"],
  [
    "defines a flow that makes no sense",
    `${IMPORT}export default flow("", () => 1);`,
    "The name of a flow must be a text of 1 to 200 characters. (DIRECTORY/flow.ts:2:16)",
  ],
])("a file that %s is one sentence", async (_what, source, sentence) => {
  const directory = flowDirectory({ ...PACKAGE, "flow.ts": source });
  const found = await inspect(join(directory, "flow.ts"));
  expect(found.ok).toBe(false);
  const problem = found.ok ? "" : found.problem;
  expect(problem).toContain(sentence.replace("DIRECTORY", directory));
  expect(problem).not.toMatch(/\n\s+at /);
});

test("a file that is not there, a directory, no file at all", async () => {
  const directory = flowDirectory(PACKAGE);
  const found = await Promise.all([inspect(join(directory, "gone.ts")), inspect(directory), inspect()]);
  expect(found.map((one) => (one.ok ? "" : one.problem))).toEqual([
    `There is no file ${join(directory, "gone.ts")}. Check the path, or bring the flow's code to this machine.`,
    `${directory} is a directory. Name the file that exports the flow.`,
    "No file was named. Name the file that exports the flow.",
  ]);
});

test("a flow of another copy of the package is told", async () => {
  const foreign =
    'const flow = Object.defineProperty(() => 1, Symbol.for("weir.flow"), { value: true });\nexport default flow;\n';
  const directory = flowDirectory({ ...PACKAGE, "flow.ts": foreign });
  expect(await inspect(join(directory, "flow.ts"))).toMatchObject({
    problem: expect.stringContaining("uses another copy of @weir/sdk") as string,
  });
});

test("a document larger than the pipe arrives whole, and open handles do not keep the process", async () => {
  const flows = Array.from(
    { length: 40 },
    (_, index) => `export const f${index} = flow("f${index}", { description: "x".repeat(16_000) }, () => 1);`,
  );
  const source = `${IMPORT}import { createServer } from "node:net"; createServer().listen(0);\n${flows.join("\n")}`;
  const found = await inspect(join(flowDirectory({ ...PACKAGE, "flow.ts": source }), "flow.ts"));
  expect(found.ok && found.flows.map(({ description }) => description?.length)).toEqual(flows.map(() => 16_000));
});
