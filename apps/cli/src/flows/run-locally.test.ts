import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BROKEN_FILES, GATE_FLOW, SUM_FLOW } from "../testing/flows.ts";
import { makeProject, removeProject, startWeir, weir } from "../testing/weir.ts";

let cwd = "";
beforeAll(async () => {
  cwd = await makeProject({ "sum.flow.ts": SUM_FLOW, "gate.flow.ts": GATE_FLOW, ...BROKEN_FILES });
});
afterAll(() => removeProject(cwd));

test("--local needs no cloud, and shows the value, which stays here", async () => {
  const { code, out, err } = await weir(["run", "sum.flow.ts", "--local", "-p", "upTo=3"], { cwd });
  expect(code).toBe(0);
  expect(out).toMatch(/✓ double ×3[\s\S]*✓ add[\s\S]*✓ Success {2}in memory, without a cloud\n12\n$/);
  expect(err).toContain("total is");
});

test("with --json there is one document, whatever the flow writes", async () => {
  const { code, out } = await weir(["run", "sum.flow.ts", "--local", "--json", "-p", "upTo=3"], { cwd });
  expect([code, JSON.parse(out)]).toMatchObject([0, { state: "Success", value: 12 }]);
});

test("a flow that fails is exit code 1", async () => {
  await writeFile(join(cwd, "gate"), "fail");
  const { code, out } = await weir(["run", "gate.flow.ts", "--local", "-p", "file=gate"], { cwd });
  expect([code, out]).toEqual([1, expect.stringContaining("the gate says fail")]);
});

test.for([
  [["sum.flow.ts"], 2, /upTo/],
  [["sum.flow.ts", "-p", "upTo=x"], 2, /upTo/],
  [["none.ts"], 2, /none\.ts exports no flow/],
  [["syntax.ts"], 2, /syntax\.ts could not be loaded/],
  [["two.ts"], 2, /holds 2 flows/],
  [["twins.ts"], 2, /holds two flows of one name|holds 2 flows/],
  [["exits.ts"], 1, /ended with exit code 0 before the flow did/],
  [["absent.ts"], 2, /There is no file/],
] as const)("%j is told", async ([args, code, sentence]) => {
  const ended = await weir(["run", ...args, "--local"], { cwd });
  expect(ended.code).toBe(code);
  expect(ended.out + ended.err).toMatch(sentence);
});

test("user code sees the user's environment, and no credential of Weir", async () => {
  const file = `import { flow } from "@weir/sdk";\nexport default flow("env", () => Object.keys(process.env).filter((name) => /WEIR_|MINE/.test(name)));\n`;
  await writeFile(join(cwd, "env.ts"), file);
  const { out } = await weir(["run", "env.ts", "--local", "--json"], {
    cwd,
    env: { WEIR_API_KEY: "weir_u_x", MINE: "1" },
  });
  expect(JSON.parse(out)).toMatchObject({ value: ["MINE"] });
});

test("Ctrl-C ends a local run with exit code 130", async () => {
  const running = startWeir(["run", "gate.flow.ts", "--local", "-p", "file=never"], { cwd });
  await eventually(() => running.seen.err.includes("waiting"), { timeoutMs: 30_000 });
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(130);
});
