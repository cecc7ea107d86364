import { expect, test } from "vitest";
import { reasonFor } from "./entries.ts";
import { decide, DEFAULT_POLICY } from "./policy.ts";
import { policyOf } from "./testing/policy-of.ts";

const OVERRIDES = `version: 1
classes:
  log: seal
  exception: send
overrides:
  - project: finance
    classes: { log: drop, exception: redact }
  - flow: pay-*
    classes: { log: send, exception: seal, parameter: seal }
  - flow: pay-out
    task: charge
    classes: { exception: id-only, artifact: drop }
  - task: "*-secret"
    classes: { artifact: seal }
`;

test("the strictest of all entries that fit holds", async () => {
  const policy = await policyOf(OVERRIDES);
  expect(policy.actionFor("log", { project: "p", flow: "f", task: "t" })).toBe("seal");
  expect(policy.actionFor("log", { project: "finance", flow: "pay-in", task: "t" })).toBe("drop");
  expect(policy.actionFor("exception", { project: "p", flow: "f", task: "t" })).toBe("send");
  expect(policy.actionFor("exception", { project: "finance", flow: "f", task: "t" })).toBe("redact");
  expect(policy.actionFor("exception", { project: "finance", flow: "pay-in", task: "charge" })).toBe("seal");
  expect(policy.actionFor("exception", { project: "p", flow: "pay-out", task: "charge" })).toBe("id-only");
  expect(policy.actionFor("parameter", { project: "p", flow: "pay-out", task: "t" })).toBe("seal");
  expect(policy.actionFor("parameter", { project: "p", flow: "repay", task: "t" })).toBe("send");
});

test("an override makes nothing milder", async () => {
  const policy = await policyOf(OVERRIDES);
  expect(policy.actionFor("log", { project: "p", flow: "pay-in", task: "t" })).toBe("seal");
});

test("of what is not known which task it is of, every entry for a task of the flow holds", async () => {
  const policy = await policyOf(OVERRIDES);
  expect(policy.knowsTasks).toBe(true);
  expect(policy.actionFor("artifact", { project: "p", flow: "f", task: "t" })).toBe("redact");
  expect(policy.actionFor("artifact", { project: "p", flow: "f" })).toBe("seal");
  expect(policy.actionFor("artifact", { project: "p", flow: "pay-out" })).toBe("drop");
  expect(policy.actionFor("exception", { project: "p", flow: "pay-out" })).toBe("id-only");
  expect(policy.actionFor("log", {})).toBe("drop");
});

test("the reason names entry and line", async () => {
  const policy = await policyOf(OVERRIDES);
  expect(reasonFor(policy, "log", { project: "p", flow: "pay-in", task: "t" })).toEqual({
    action: "seal",
    entry: "classes.log",
    line: 3,
  });
  expect(reasonFor(policy, "exception", { project: "p", flow: "pay-out", task: "charge" })).toEqual({
    action: "id-only",
    entry: "overrides[2].classes.exception",
    line: 12,
  });
  expect(reasonFor(policy, "artifact", { project: "p", flow: "f", task: "t" })).toEqual({
    action: "redact",
    entry: null,
    line: null,
  });
  expect(reasonFor(DEFAULT_POLICY, "log", {})).toEqual({ action: "redact", entry: null, line: null });
});

test("flow, starter and cloud add to the file, and take nothing away", async () => {
  const policy = await policyOf(OVERRIDES);
  const origin = { project: "p", flow: "f", task: "t" };
  expect(decide(policy, "log", origin, [{ log: "send" }, undefined])).toBe("seal");
  expect(decide(policy, "exception", origin, [{ exception: "seal" }, { exception: "drop" }])).toBe("drop");
});
