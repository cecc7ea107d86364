import { expect, test } from "vitest";
import { parameterChanges, versionChanges, type VersionFacts } from "./diff-versions.ts";

const facts = (changes: Partial<VersionFacts> = {}): VersionFacts => ({
  description: "counts",
  labels: ["gpu"],
  tasks: [{ name: "load", tags: [], retries: 0 }],
  parameterSchema: { type: "object", properties: { top: { type: "integer" } }, required: ["top"] },
  parameterDefaults: { top: 5 },
  runConfig: null,
  storage: {
    kind: "local",
    directory: "/flows",
    entry: "a.ts",
    codeDigest: "aa",
    files: [{ path: "a.ts", sha256: "1" }],
  },
  schedules: [],
  boundary: null,
  sdkVersion: "1.0.0",
  ...changes,
});

test("what is the same in another order is no change", () => {
  const turned = facts({
    parameterSchema: { required: ["top"], properties: { top: { type: "integer" } }, type: "object" },
  });
  expect([...versionChanges(facts(), turned), ...parameterChanges(facts(), turned)]).toEqual([]);
});

test("each part tells what was added, removed and changed, by name", () => {
  const after = facts({
    description: null,
    labels: ["cpu"],
    tasks: [
      { name: "load", tags: [], retries: 3 },
      { name: "store", tags: [], retries: 0 },
    ],
    parameterSchema: { type: "object", properties: { top: { type: "integer" }, day: { type: "string" } } },
    storage: {
      kind: "local",
      directory: "/flows",
      entry: "a.ts",
      codeDigest: "bb",
      files: [{ path: "b.ts", sha256: "2" }],
    },
    boundary: { log: "drop" },
    runConfig: "docker",
    sdkVersion: "1.1.0",
  });
  const told = versionChanges(facts(), after).map(({ part, kind, name }) => `${kind} ${part} ${name ?? "-"}`);
  expect(told).toEqual([
    "removed description -",
    "added labels cpu",
    "removed labels gpu",
    "changed tasks load",
    "added tasks store",
    "added parameters day",
    "changed parameters top",
    "added runConfig -",
    "changed storage codeDigest",
    "removed files a.ts",
    "added files b.ts",
    "added boundary log",
    "changed sdkVersion -",
  ]);
  expect(versionChanges(facts(), after).find(({ name }) => name === "top")).toEqual({
    part: "parameters",
    kind: "changed",
    name: "top",
    before: { schema: { type: "integer" }, required: true },
    after: { schema: { type: "integer" }, required: false },
  });
});

test("values of parameters are told apart from all else, null and false among them", () => {
  const schedule = { name: "daily", zone: "UTC", clock: { everySeconds: 86_400 } };
  const after = facts({ parameterDefaults: { top: null, all: false }, schedules: [schedule] });
  expect(versionChanges(facts(), after)).toEqual([]);
  expect(parameterChanges(facts(), after)).toEqual([
    { part: "parameterDefaults", kind: "added", name: "all", before: null, after: false },
    { part: "parameterDefaults", kind: "changed", name: "top", before: 5, after: null },
    { part: "schedules", kind: "added", name: "daily", before: null, after: schedule },
  ]);
});

test("sealed defaults are one value, and differ where their text does", () => {
  const box = (ciphertext: string) => ({ $sealed: { ciphertext, recipients: [{}] } });
  const [one, other] = [facts({ parameterDefaults: box("a") }), facts({ parameterDefaults: box("b") })];
  expect(parameterChanges(one, one)).toEqual([]);
  expect(parameterChanges(one, other)).toEqual([
    { part: "parameterDefaults", kind: "changed", name: null, before: box("a"), after: box("b") },
  ]);
});
