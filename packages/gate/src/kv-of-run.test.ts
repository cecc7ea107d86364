import { makeId, type RunEvent } from "@weir/protocol";
import { generateSealKey, publicHalf, sealJson } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import { readLedger } from "./ledger/read.ts";
import { ledgerFileIn } from "./ledger/segments.ts";
import { makeSide, ownDirectory, policyOf, type Side } from "./testing/gates.ts";

// What a flow writes into the key-value store, and what it reads there.

async function written({ gate, scope }: Side, value: unknown, number?: number): Promise<unknown> {
  const body = { attempt: 1, question: makeId(), key: "k", value, ...(number === undefined ? {} : { number }) };
  const passed = await gate.pass("kvSet", body, { scope });
  return (JSON.parse(passed.body) as { value: unknown }).value;
}

const refusalOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "it was sent",
    (error: Error) => error.message,
  );

test("a value is sent, sealed so that agents can open it, or refused by name, as the policy says of parameters", async () => {
  expect(await written(await makeSide(policyOf({})), { a: "canary" })).toEqual({ a: "canary" });
  const sealing = await makeSide(policyOf({ parameter: "seal" }));
  for (const value of ["canary", 7, null, { a: ["canary"] }]) {
    const sent = await written(sealing, value);
    expect(JSON.stringify(sent)).not.toContain("canary");
    expect(await sealing.scope.openKv("k", { version: 2, value: sent })).toEqual({ version: 2, value });
  }
  const dropping = await makeSide(policyOf({ parameter: "drop" }));
  expect(await refusalOf(written(dropping, "canary"))).toContain('the key "k" was not written');
});

test("what the flow itself asks for holds, and what the policy says of the task that writes", async () => {
  const asking = await makeSide(policyOf({}), {}, { requests: [{ parameter: "seal" }] });
  expect(JSON.stringify(await written(asking, "canary"))).not.toContain("canary");
  const ofTasks = await makeSide(policyOf({}, {}, { secretive: { parameter: "drop" } }));
  const declared: RunEvent = {
    kind: "task-run",
    at: 1,
    number: 3,
    task: "secretive",
    ordinal: 0,
    upstream: [],
    tags: [],
  };
  ofTasks.scope.admit([declared]);
  expect(await refusalOf(written(ofTasks, "canary", 3))).toContain("was not written");
  expect(await written(ofTasks, "canary", 2)).toBe("canary");
  expect(await written(ofTasks, "canary")).toBe("canary");
});

test("a value that cannot be kept is refused before it is sealed: the cloud could not tell any more", async () => {
  const side = await makeSide(policyOf({ parameter: "seal" }));
  expect(await refusalOf(written(side, "x".repeat(65_536)))).toContain("has 65538 bytes as JSON; the most is 65536");
  expect(await refusalOf(written(side, "a\0b"))).toContain("NUL");
});

test("the ledger has a line of each question, with what was done to the value", async () => {
  const directory = await ownDirectory();
  const ledgerFile = ledgerFileIn(directory);
  const { gate, scope } = await makeSide(policyOf({ parameter: "seal" }), { ledgerFile });
  await gate.pass("kvGet", { attempt: 1, key: "k" }, { scope });
  await gate.pass("kvSet", { attempt: 1, question: makeId(), key: "k", value: "canary" }, { scope });
  const told = [];
  for await (const { message, run, classes } of readLedger(directory)) told.push({ message, run, classes });
  expect(told).toEqual([
    { message: "kvGet", run: scope.facts.runId, classes: { metadata: "sent" } },
    { message: "kvSet", run: scope.facts.runId, classes: { metadata: "sent", parameter: "sealed" } },
  ]);
});

test("what is read is opened; what opens for others alone, or is none that may be taken, is told with its key", async () => {
  const side = await makeSide(policyOf({}));
  expect(await side.scope.openKv("k", { version: 3, value: "plain" })).toEqual({ version: 3, value: "plain" });
  expect(await side.scope.openKv("k", { version: 0 })).toEqual({ version: 0 });
  expect(await side.scope.openKv("k", { version: 4 })).toEqual({ version: 0 });
  const other = await sealJson([publicHalf(await generateSealKey())], "canary");
  expect(await refusalOf(side.scope.openKv("k", { version: 1, value: other }))).toContain(
    'The value of the key "k" is',
  );
  const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`) as unknown;
  expect(await refusalOf(side.scope.openKv("k", { version: 1, value: deep }))).toContain("nested deeper");
  const bad = await sealJson([publicHalf(side.inside)], JSON.parse('{"__proto__":1}') as never);
  expect(await refusalOf(side.scope.openKv("k", { version: 1, value: bad }))).toContain("__proto__");
});
