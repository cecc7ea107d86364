import { expect, test } from "vitest";
import { functions } from "./testing/contract-tasks.ts";
import { numbered, twinEcho } from "./testing/twin-tasks.ts";
import { definedIn, fileAmong, placeOf, rememberTask } from "./task-registry.ts";

const OWN = new URL("../task/task.ts", import.meta.url).href;
const FLOW = "file:///flows/report.ts";
const HELPER = "file:///flows/lib/helper.ts";
const LIBRARY = "file:///flows/node_modules/lib/index.js";

test.each<[string, string[], string | null]>([
  ["the caller of task()", [OWN, OWN, FLOW, "node:internal/modules/esm/module_job"], FLOW],
  ["whoever called the helper that calls task()", [OWN, HELPER, FLOW, "node:internal/modules"], FLOW],
  ["whoever called an installed helper", [OWN, LIBRARY, FLOW, "node:internal/modules"], FLOW],
  ["an installed package that defines tasks", [OWN, LIBRARY, "node:internal/modules"], LIBRARY],
  ["not the program that loads files", [OWN, FLOW, "file:///flows/node_modules/vitest/run.js", FLOW], FLOW],
  ["not the engine that runs a flow which makes a task", [OWN, FLOW, OWN, "file:///other.ts"], FLOW],
  ["a path of CommonJS, without a query", [OWN, "/flows/old one.cjs", "node:internal"], "file:///flows/old%20one.cjs"],
  ["without what was added to load it again", [OWN, `${FLOW}?t=1`], FLOW],
  ["nothing, in a console", [OWN, "REPL1", "node:vm"], null],
])("the file that defines a task is %s", (_what, scripts, file) => {
  expect(fileAmong(scripts)).toBe(file);
});

test("task() notes where it was called, by name and order", () => {
  const file = new URL("testing/twin-tasks.ts", import.meta.url).href;
  expect(definedIn("echo", twinEcho)).toBe(file);
  expect(numbered.map((fn) => placeOf("numbered", fn))).toEqual(
    [0, 1, 2].map((index) => ({ name: "numbered", file, index })),
  );
  expect(definedIn("echo", functions.echo)).toContain("/contract-tasks.ts");
});

test("one function may be two tasks; an unknown one is nowhere", () => {
  const fn = (): number => 1;
  rememberTask("a", fn, FLOW);
  rememberTask("b", fn, HELPER);
  rememberTask("a", fn, HELPER);
  expect([definedIn("a", fn), definedIn("b", fn), definedIn("c", fn)]).toEqual([FLOW, HELPER, null]);
  rememberTask("c", fn, null);
  expect(placeOf("c", fn)).toBeNull();
});
