import { type ClaimedRun, type Json, type LogEvent, makeId, type Report, type SealKey } from "@weir/protocol";
import { generateSealKey, Keyring, makeRunKey, publicHalf, sealJson, sealText } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "../policy/policy.ts";
import { makeSide, policyOf, type Side } from "../testing/gates.ts";

// A cloud knows the public half of the agents' key: it can make content keys for it, and seal with them. And it holds all that was sealed.

const storage = { kind: "local" as const, directory: "/flows", entry: "a.ts", codeDigest: "0".repeat(64), files: [] };

function claimed(more: Partial<ClaimedRun>): ClaimedRun {
  const times = { leaseSeconds: 45, reportSeconds: 10, scheduledStartTime: 1, createdAt: 1 };
  const names = { runId: makeId(), runName: "r", runToken: "t", project: "p", flow: "f", labels: [] };
  return { ...names, ...times, attempt: 2, flowVersion: 1, storage, parameters: {}, known: [], ...more };
}

const known = (location: string): ClaimedRun["known"] => [
  { number: 1, task: "t", ordinal: 0, state: "Success", tryNumber: 1, location },
];
const line = (text: string): LogEvent => ({ kind: "log", at: 1, level: "info", text });
const textOf = ({ events }: Report): string => (events[0] as LogEvent).text;

/** A key that the cloud made for the agents' public key, and what it knows of it. */
async function keyOfTheCloud(side: Side) {
  const cloud = await generateSealKey();
  const made = await makeRunKey([publicHalf(side.inside), publicHalf(cloud)]);
  const sealKey: SealKey = { id: made.id, key: made.wrapped };
  return { cloud, made, sealKey };
}

test("a content key that the cloud made opens what it sealed, and nothing that leaves is ever sealed with it", async () => {
  const side = await makeSide(policyOf({ log: "seal", exception: "seal", location: "seal", artifact: "seal" }));
  const { cloud, made, sealKey } = await keyOfTheCloud(side);
  const location = await sealText(made, "file:/put/there", "location");
  const opened = await side.scope.open(claimed({ known: known(location), sealKeys: [sealKey] }));
  expect(opened.known[0]?.location).toBe("file:/put/there");
  await side.scope.openCached({ states: [{ location, at: 1, digests: [] }], sealKeys: [sealKey] });
  const message = await sealText(made, "why", "exception");
  await side.scope.openOutcome({ runId: makeId(), state: "Failed", message, sealKeys: [sealKey] });
  const failure = { name: "Error", message: "canary" };
  const report = await side.report(
    line("canary"),
    { kind: "task", at: 1, number: 1, state: "Success", location: "file:/canary" },
    { kind: "artifact", at: 1, name: "a", artifact: "table", data: [{ canary: 1 }] },
    { kind: "flow", at: 1, state: "Failed", message: "canary", failure },
  );
  const text = JSON.stringify(report);
  expect(report.sealKeys?.map(({ id }) => id)).not.toContain(made.id);
  for (const secret of ["canary", made.id, cloud.kid]) expect(text).not.toContain(secret);
  const eavesdropper = new Keyring([cloud]);
  eavesdropper.learn([...(report.sealKeys ?? []), sealKey]);
  await expect(eavesdropper.openText(textOf(report))).rejects.toThrow(/you have/);
});

test("a key of the cloud under the id of the run's own key changes nothing of what is sealed with that", async () => {
  const side = await makeSide(policyOf({ log: "seal" }));
  const [own] = (await side.report(line("first"))).sealKeys ?? [];
  const { made, sealKey } = await keyOfTheCloud(side);
  const forged = { id: own?.id ?? "", key: sealKey.key };
  const location = await sealText({ ...made, id: forged.id }, "file:/x", "location");
  await side.scope.open(claimed({ known: known(location), sealKeys: [forged] }));
  const report = await side.report(line("canary"));
  expect(report.sealKeys).toEqual([own]);
  const eavesdropper = new Keyring([side.inside]);
  eavesdropper.learn([forged]);
  await expect(eavesdropper.openText(textOf(report))).rejects.toThrow(/not what was sealed/);
});

test("a sealed log line is not opened where a location, a message or parameters belong: errors would tell it", async () => {
  const side = await makeSide(policyOf({ log: "seal", location: "seal", exception: "seal" }));
  const report = await side.report(line("canary"));
  const sealKeys = [...(report.sealKeys ?? [])];
  const text = textOf(report);
  await expect(side.scope.open(claimed({ known: known(text), sealKeys }))).rejects.toThrow(
    /not sealed as what .* \(location\)/,
  );
  await expect(side.scope.open(claimed({ parameters: { $sealed: text }, sealKeys }))).rejects.toThrow(/\(parameter\)/);
  const box = { kind: "sealed" as const, box: text };
  await expect(side.scope.open(claimed({ storage: box, sealKeys }))).rejects.toThrow(/\(config\)/);
  expect(await side.scope.openCached({ states: [{ location: text, at: 1, digests: [] }], sealKeys })).toMatchObject({
    states: [],
  });
  const failure = { name: "Sealed", message: "Sealed.", sealed: text };
  const outcome = { runId: makeId(), state: "Failed" as const, message: text, failure, sealKeys };
  expect(await side.scope.openOutcome(outcome)).toEqual(outcome);
});

test("what was sealed cannot be given another class afterwards", async () => {
  const side = await makeSide(policyOf({ log: "seal" }));
  const report = await side.report(line("canary"));
  const [head = "", ...rest] = textOf(report).slice("sealed:".length).split(".");
  const header = JSON.parse(Buffer.from(head, "base64url").toString()) as object;
  const other = Buffer.from(JSON.stringify({ ...header, typ: "location" })).toString("base64url");
  const forged = `sealed:${[other, ...rest].join(".")}`;
  const opening = side.scope.open(claimed({ known: known(forged), sealKeys: [...(report.sealKeys ?? [])] }));
  await expect(opening).rejects.toThrow(/not what was sealed/);
});

test("a failure that the cloud has sealed or tells plain is a failure of bounded depth and size, and nothing else", async () => {
  const side = await makeSide(DEFAULT_POLICY);
  const { made, sealKey } = await keyOfTheCloud(side);
  const deep = JSON.parse(`${'{"cause":'.repeat(500)}1${"}".repeat(500)}`) as Json;
  const wild = `{"name":"Error","message":"m","__proto__":{"a":1},"exec":"x","cause":${JSON.stringify(deep)},"errors":[${'{"name":"E","message":"m"},'.repeat(300)}1]}`;
  const plain = JSON.parse(wild) as { name: string; message: string };
  const failure = { name: "Sealed", message: "", sealed: await sealText(made, wild, "exception") };
  for (const given of [failure, plain]) {
    const reply = { runId: makeId(), state: "Failed" as const, failure: given, sealKeys: [sealKey] };
    const opened = (await side.scope.openOutcome(reply)).failure;
    expect(Object.keys(opened ?? {}).sort()).toEqual(["cause", "errors", "message", "name"]);
    expect(opened?.errors?.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(opened).split('"cause":')).toHaveLength(6);
  }
});

test("what cannot be opened is told in a short sentence, however many keys it names and however long their names are", async () => {
  const side = await makeSide(DEFAULT_POLICY);
  const stranger = await generateSealKey();
  const sealed = (await sealJson([publicHalf(stranger)], { a: 1 })).$sealed as { recipients: readonly object[] };
  const [entry] = sealed.recipients;
  const long = "k".repeat(1_000_000);
  const header = (o: object) => Buffer.from(JSON.stringify(o)).toString("base64url");
  const forged: unknown[] = [
    { ...sealed, recipients: Array.from({ length: 20_000 }, () => entry) },
    { ...sealed, recipients: [{ ...entry, header: { kid: long } }] },
    `sealed:${header({ alg: "dir", enc: "A256GCM", kid: long, typ: "parameter" })}..AA.AA.AA`,
  ];
  for (const one of forged) {
    const problem: unknown = await side.scope.open(claimed({ parameters: { $sealed: one } })).catch((e: unknown) => e);
    expect(problem).toMatchObject({ name: "OpenError" });
    expect(String(problem).length).toBeLessThan(1_000);
  }
});
