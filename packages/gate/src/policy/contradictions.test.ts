import { expect, test } from "vitest";
import { contradictions, type FlowNeeds } from "./contradictions.ts";
import { DEFAULT_POLICY, type Policy } from "./policy.ts";
import { sealingProblem } from "./sealing.ts";
import { folderOfTest, policyOf, X25519_KEY } from "./testing/policy-of.ts";

const FLOW: FlowNeeds = {
  name: "report",
  tasks: [{ name: "load", tags: [], retries: 0 }],
  parameterSchema: {
    type: "object",
    properties: { day: { type: "string" }, top: { type: "number" } },
    required: ["day"],
  },
  parameterDefaults: { top: 5 },
  storage: { kind: "local", directory: "/srv/flows/report", entry: "f.ts", codeDigest: "0".repeat(64), files: [] },
};
const NIGHTLY = { name: "nightly", clock: { cron: "@daily" }, zone: "UTC" };
const RECIPIENTS = `seal: { recipients: [{ name: ada, jwk: ${JSON.stringify(X25519_KEY)} }] }\n`;

const told = (policy: Policy, flow: Partial<FlowNeeds> = {}, hasInsideKey = false) =>
  contradictions(policy, { ...FLOW, ...flow }, { project: "default", hasInsideKey });

test("the defaults contradict no flow", () => {
  expect(told(DEFAULT_POLICY, { schedules: [{ ...NIGHTLY, parameters: { day: "x" } }] })).toEqual([]);
});

test("dropped parameters contradict those that have no default, and schedules that give some", async () => {
  const policy = await policyOf("version: 1\nclasses:\n  parameter: drop\n");
  const schedules = [NIGHTLY, { ...NIGHTLY, name: "with-day", parameters: { day: "x" } }];
  expect(told(policy, { schedules })).toEqual([
    `The flow "report" needs the parameter "day", without a default, but ${policy.source}:3 (classes.parameter) says drop for the class parameter: a run would never get it. Say seal there, or give the flow defaults.`,
    `The flow "report" has schedules that give parameters ("with-day"), but ${policy.source}:3 (classes.parameter) says drop for the class parameter: the runs would begin without them. Say seal there, or take the parameters out of the schedules.`,
  ]);
  expect(told(policy, { schedules: [NIGHTLY], parameterDefaults: { day: "today" } })).toEqual([]);
  expect(told(policy, { parameterSchema: undefined as never })).toEqual([]);
});

test("an entry for another flow or project contradicts nothing", async () => {
  const policy = await policyOf(
    "version: 1\noverrides:\n  - { project: finance, classes: { parameter: drop } }\n  - { flow: pay, classes: { parameter: drop } }\n",
  );
  expect(told(policy)).toEqual([]);
  expect(told(policy, { name: "pay" })).toEqual([expect.stringContaining(":4 (overrides[1].classes.parameter)")]);
});

test("the flow's own option may be what contradicts it", () => {
  expect(told(DEFAULT_POLICY, { boundary: { parameter: "drop" } })).toEqual([
    expect.stringContaining("but the flow's own option boundary says drop for the class parameter"),
  ]);
  expect(told(DEFAULT_POLICY, { boundary: { log: "seal" } })).toEqual([
    expect.stringContaining("(log: the flow's own option boundary), but there is no inside key here"),
  ]);
});

test("what is to be sealed contradicts every flow where there is no inside key, whoever else could open it", async () => {
  const policy = await policyOf(`version: 1\nclasses: { parameter: seal, log: seal }\n${RECIPIENTS}`);
  expect(told(policy)).toEqual([
    expect.stringMatching(
      /^The flow "report" is to have data sealed \(parameter: .*:2 \(classes\.parameter\); log: .*:2 \(classes\.log\)\), but there is no inside key here, .*`weir seal keygen --inside`/,
    ),
  ]);
  expect(told(policy, {}, true)).toEqual([]);
  expect(sealingProblem(policy, false)).toContain(
    ":2 (classes.parameter) says seal for the class parameter, but there",
  );
  expect(sealingProblem(policy, true)).toBeNull();
});

test("an entry for one task counts, also where a stricter one hides it from the whole", async () => {
  const policy = await policyOf(
    "version: 1\noverrides:\n  - { task: load, classes: { log: seal } }\n  - { task: other, classes: { log: drop } }\n",
  );
  expect(told(policy)).toEqual([expect.stringContaining(":3 (overrides[0].classes.log)")]);
  expect(told(policy, { tasks: [] })).toEqual([]);
  expect(sealingProblem(policy, false)).toContain(":3 (overrides[0].classes.log) says seal");
});

test("the defaults seal nothing", () => {
  expect(sealingProblem(DEFAULT_POLICY, false)).toBeNull();
});

test("code outside of the allowed directories is told before an agent refuses it", async () => {
  const folder = folderOfTest();
  const policy = await policyOf("version: 1\ncode:\n  directories: [/srv/flows, here]\n", folder);
  expect(told(policy)).toEqual([]);
  const storage = { ...FLOW.storage, kind: "local", directory: "/srv/flows-of-others" } as FlowNeeds["storage"];
  expect(told(policy, { storage })).toEqual([
    `The flow "report" has its code in /srv/flows-of-others, but ${policy.source}:3 (code.directories) allows code below /srv/flows, ${folder}/here only: every agent with this policy would refuse its runs. Move the flow there, or add its directory.`,
  ]);
});
