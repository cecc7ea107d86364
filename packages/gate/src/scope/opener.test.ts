import { type ClaimedRun, type KnownTaskRun, type Report, type TaskEvent, makeId } from "@weir/protocol";
import { generateSealKey, publicHalf, sealJson } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "../policy/policy.ts";
import { makeSide, policyOf } from "../testing/gates.ts";

const storage = { kind: "local" as const, directory: "/flows", entry: "a.ts", codeDigest: "0".repeat(64), files: [] };

function claimed(more: Partial<ClaimedRun>): ClaimedRun {
  return {
    runId: makeId(),
    runName: "r",
    attempt: 2,
    leaseSeconds: 45,
    reportSeconds: 10,
    runToken: "t",
    project: "p",
    flow: "f",
    flowVersion: 1,
    storage,
    parameters: {},
    labels: [],
    scheduledStartTime: 1,
    createdAt: 1,
    known: [],
    ...more,
  };
}

const known = (location: string): KnownTaskRun => ({
  number: 1,
  task: "t",
  ordinal: 0,
  state: "Success",
  tryNumber: 1,
  location,
});
const done = (location: string): TaskEvent => ({ kind: "task", at: 1, number: 1, state: "Success", location });
const locationOf = ({ events }: Report): string => (events[0] as TaskEvent).location ?? "";

test("storage, parameters and locations that were sealed for the inside key come back plain", async () => {
  const side = await makeSide(policyOf({ location: "seal" }));
  const recipients = [publicHalf(side.inside)];
  const report = await side.report(done("file:/results/1"));
  const run = claimed({
    storage: { kind: "sealed", box: (await sealJson(recipients, storage)).$sealed },
    parameters: await sealJson(recipients, { day: "2026-01-31" }),
    known: [known(locationOf(report)), { ...known("x"), location: "file:/plain" }],
    sealKeys: [...(report.sealKeys ?? [])],
  });
  const opened = await side.scope.open(run);
  expect(opened).toMatchObject({ storage, parameters: { day: "2026-01-31" } });
  expect(opened.known.map(({ location }) => location)).toEqual(["file:/results/1", "file:/plain"]);
});

test("a claim of which nothing is sealed is handed on", async () => {
  const side = await makeSide(DEFAULT_POLICY, { insideKeys: [] });
  const run = claimed({ known: [known("file:/x")] });
  expect(await side.scope.open(run)).toEqual(run);
});

test("after a rotation the older key still opens, and the newest is the one that is sealed for", async () => {
  const older = await generateSealKey();
  const newest = await generateSealKey();
  const side = await makeSide(policyOf({ log: "seal" }), { insideKeys: [newest, older] });
  const parameters = await sealJson([publicHalf(older)], { a: 1 });
  expect(await side.scope.open(claimed({ parameters }))).toMatchObject({ parameters: { a: 1 } });
  const { sealKeys } = await side.report({ kind: "log", at: 1, level: "info", text: "x" });
  expect(sealKeys?.[0]?.key).toContain(newest.kid);
  expect(sealKeys?.[0]?.key).not.toContain(older.kid);
});

test("an agent without the key says whose keys open the parameters, which it has, and what to do", async () => {
  const side = await makeSide(DEFAULT_POLICY);
  const theirs = await generateSealKey();
  const parameters = await sealJson([publicHalf(theirs)], { a: 1 });
  const opening = side.scope.open(claimed({ parameters }));
  await expect(opening).rejects.toThrow(/^The parameters of this run are sealed, and this agent has no key/);
  await expect(opening).rejects.toThrow(theirs.kid);
  await expect(opening).rejects.toThrow(side.inside.kid);
  await expect(opening).rejects.toThrow(/WEIR_AGENT_SEAL_KEY_FILE/);
});

test("a location whose key did not come along, a changed one, and a sealed storage of an unknown kind are told", async () => {
  const side = await makeSide(policyOf({ location: "seal" }));
  const report = await side.report(done("file:/canary"));
  const location = locationOf(report);
  const sealKeys = [...(report.sealKeys ?? [])];
  await expect(side.scope.open(claimed({ known: [known(location)] }))).rejects.toThrow(/did not come along/);
  const changed = known(`${location.slice(0, -30)}A${location.slice(-29)}`);
  await expect(side.scope.open(claimed({ known: [changed], sealKeys }))).rejects.toThrow(
    /result of task run 1 is sealed/,
  );
  const box = (await sealJson([publicHalf(side.inside)], { kind: "elsewhere" })).$sealed;
  await expect(side.scope.open(claimed({ storage: { kind: "sealed", box } }))).rejects.toThrow(
    /no storage that this agent/,
  );
});

test("sealed parameters that hold __proto__ are not taken", async () => {
  const side = await makeSide(DEFAULT_POLICY);
  const parameters = await sealJson([publicHalf(side.inside)], JSON.parse('{"__proto__":{"a":1}}'));
  await expect(side.scope.open(claimed({ parameters }))).rejects.toThrow(/"__proto__", which is not allowed/);
});

test("a pseudonym that the dictionary does not know is left to the flow's own store", async () => {
  const side = await makeSide(DEFAULT_POLICY);
  const name = `pseudonym:${"a".repeat(43)}`;
  expect((await side.scope.open(claimed({ known: [known(name)] }))).known).toMatchObject([{ location: name }]);
});

test("cached results that cannot be opened count as none; the others come back plain", async () => {
  const side = await makeSide(policyOf({ location: "seal" }));
  const report = await side.report(done("file:/mine"));
  const stranger = await makeSide(policyOf({ location: "seal" }));
  const theirs = locationOf(await stranger.report(done("file:/theirs")));
  const states = [theirs, locationOf(report), "file:/plain"].map((location) => ({ location, at: 1, digests: [] }));
  const reply = await side.scope.openCached({ states, sealKeys: [...(report.sealKeys ?? [])] });
  expect(reply.states.map(({ location }) => location)).toEqual(["file:/mine", "file:/plain"]);
});

test("the outcome of another run is opened; without the key it stays as it is", async () => {
  const side = await makeSide(policyOf({ exception: "seal" }));
  const failure = { name: "Error", message: "why" };
  const { events, sealKeys = [] } = await side.report({
    kind: "flow",
    at: 1,
    state: "Failed",
    message: "Failed: why",
    failure,
  });
  const { kind: _kind, at: _at, ...told } = events[0] as Extract<Report["events"][number], { kind: "flow" }>;
  const reply = { runId: makeId(), ...told, sealKeys: [...sealKeys] };
  expect(await side.scope.openOutcome(reply)).toMatchObject({ message: "Failed: why", failure });
  const other = await makeSide(DEFAULT_POLICY);
  expect(await other.scope.openOutcome(reply)).toEqual(reply);
});
