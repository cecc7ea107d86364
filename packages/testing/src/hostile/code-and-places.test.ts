import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { type HostileStage, setHostileStage } from "./stage.ts";
import { unharmed } from "./unharmed.ts";

// A cloud that says where code lies, what is in it, and what earlier attempts have left: none of it is believed.

let stage: HostileStage;
beforeAll(async () => {
  stage = await setHostileStage();
  mkdirSync(join(stage.allowed, "nested"));
  symlinkSync(stage.forbidden, join(stage.allowed, "way-out"));
  execFileSync("mkfifo", [join(stage.allowed, "pipe.flow.ts")]);
});
afterAll(() => stage.end());

/** Gives a run that must not be started, and answers the code with which it was refused. */
async function refused(storage: unknown): Promise<string | undefined> {
  const mark = `m-${makeId()}`;
  const run = stage.run({ storage, parameters: { mark } });
  stage.cloud.offer(run);
  await eventually(() => stage.cloud.endOf(run.runId) !== undefined, { timeoutMs: 20_000 });
  expect([mark, stage.marked(mark)]).toEqual([mark, false]);
  expect(stage.cloud.endOf(run.runId)).toBe("Failed");
  const end = stage.cloud.events(run.runId).findLast((event) => event.kind === "flow");
  return end?.kind === "flow" ? end.failure?.code : undefined;
}

test("code elsewhere than below the directories of the policy is not run, whichever way is taken there", async () => {
  const { storage, allowed, forbidden } = stage;
  const elsewhere = [
    storage(forbidden),
    storage(`${allowed}/../forbidden`),
    storage(join(allowed, "way-out")),
    storage(allowed, "way-out/mark.flow.ts"),
    storage(allowed, "../forbidden/mark.flow.ts"),
    storage(`${allowed}-and-more`),
    storage("/"),
    storage("."),
    storage("/proc/self"),
    storage(`${allowed}\0`),
  ];
  for (const one of elsewhere) expect([one, await refused(one)]).toEqual([one, "NOT_ALLOWED"]);
  await unharmed(stage);
});

test("what is said of code elsewhere does not tell what is there", async () => {
  const { storage, forbidden } = stage;
  const there = stage.run({ storage: storage(forbidden) });
  const notThere = stage.run({ storage: storage(join(forbidden, "nothing")) });
  const sentences: string[] = [];
  for (const run of [there, notThere]) {
    stage.cloud.offer(run);
    await eventually(() => stage.cloud.endOf(run.runId) !== undefined);
    const end = stage.cloud.events(run.runId).findLast((event) => event.kind === "flow");
    sentences.push(JSON.stringify(end?.kind === "flow" ? end.failure : null));
  }
  expect(sentences[0]).toBe(sentences[1]);
});

test("forged digests, code that was not registered, files outside, devices and pipes", async () => {
  const { storage, allowed } = stage;
  const good = storage(allowed);
  if (good.kind !== "local") throw new Error("unreachable");
  const other = "0".repeat(64);
  const forged = [
    { ...good, files: good.files.map((file) => ({ ...file, sha256: other })) },
    { ...good, files: [] },
    { ...good, codeDigest: other },
    { ...good, files: [...good.files, { path: "../elsewhere.json", sha256: other }] },
    { ...good, files: [...good.files, { path: "/etc/passwd", sha256: other }] },
    { ...storage(allowed, "nested", []), files: [{ path: "nested", sha256: other }] },
    { ...storage(allowed, "pipe.flow.ts", []), files: [{ path: "pipe.flow.ts", sha256: other }] },
  ];
  for (const one of forged) expect([one, await refused(one)]).toEqual([one, "CODE_CHANGED"]);
  await unharmed(stage);
});

const places = () => [
  "file:///etc/passwd",
  "file:///etc/shadow",
  "../../../../../../etc/passwd",
  "/etc/passwd",
  new URL("elsewhere.json", `file://${stage.allowed}/../`).href,
  `file://${stage.allowed}/../elsewhere.json#50`,
  "s3://bucket/key",
  "http://127.0.0.1:1/",
  "pseudonym:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "sealed:x",
  "x".repeat(4_000),
];

test("results of earlier attempts that lie elsewhere are not read, and nothing of them is sent", async () => {
  for (const location of places()) {
    const known = [
      { number: 1, task: "use", ordinal: 0, state: "Running", tryNumber: 1 },
      { number: 2, task: "give", ordinal: 0, state: "Success", tryNumber: 1, location },
    ];
    const run = stage.run({ attempt: 2, known });
    stage.cloud.offer(run);
    await eventually(() => stage.cloud.endOf(run.runId) !== undefined, { timeoutMs: 20_000 });
    expect(JSON.stringify(stage.cloud.of("report", run.runId))).not.toContain("root:");
  }
  await unharmed(stage);
});

test("a milder boundary than the policy's loosens nothing", async () => {
  const run = stage.run({ boundary: { log: "send", exception: "send" } });
  stage.cloud.offer(run);
  await eventually(() => stage.cloud.endOf(run.runId) === "Success");
  expect(stage.cloud.events(run.runId).filter((event) => event.kind === "log")).toEqual([]);
  await unharmed(stage);
});
