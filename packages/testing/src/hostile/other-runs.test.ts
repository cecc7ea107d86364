import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { claims, json, raw } from "./hostile-cloud.ts";
import { type HostileStage, setHostileStage } from "./stage.ts";
import { unharmed } from "./unharmed.ts";

// A cloud that gives other runs than were asked for. What the agent does not take it does not speak of either.

let stage: HostileStage;
beforeAll(async () => {
  stage = await setHostileStage();
  await stage.goodRun();
});
afterAll(() => stage.end());

/** Gives these runs with one claim, and waits until the agent asks again. */
async function give(...runs: unknown[]): Promise<void> {
  stage.cloud.once("claim", claims(runs));
  await eventually(() => !stage.cloud.waitsWith("claim") && stage.cloud.polls > 0, { timeoutMs: 30_000 });
}

const mark = () => `m-${makeId()}`;

test.for([
  ["of a project that it does not serve", { project: "theirs" }, "which this agent does not serve"],
  ["that needs labels which it lacks", { labels: ["linux", "gpu"] }, "needs the labels gpu"],
] as const)("a run %s is not taken", async ([, given, sentence]) => {
  const name = mark();
  const run = stage.run({ ...given, parameters: { mark: name } });
  await give(run);
  await eventually(() => stage.log().includes(sentence));
  await unharmed(stage);
  expect(stage.marked(name)).toBe(false);
  expect(stage.cloud.received.filter(({ runId }) => runId === run.runId)).toEqual([]);
});

test("a run with parameters that reach for prototypes is not taken", async () => {
  const name = mark();
  const text = JSON.stringify({ runs: [stage.run({ parameters: { mark: name } })], orders: [] });
  // In an object literal it would be the prototype instead of a key.
  const body = text.replace(`{"mark":`, `{"__proto__":{"x":1},"mark":`);
  stage.cloud.once("claim", raw(body, { "content-type": "application/json" }));
  await eventually(() => stage.log().includes("which is not allowed"));
  await unharmed(stage);
  expect(stage.marked(name)).toBe(false);
});

test("more runs than there is room for: as many as were asked for are taken", async () => {
  const marks = Array.from({ length: 40 }, mark);
  await give(...marks.map((name) => stage.run({ parameters: { mark: name } })));
  await unharmed(stage);
  expect(marks.filter((name) => stage.marked(name)).length).toBeLessThanOrEqual(2);
  expect(stage.log()).toContain("for which there is no room and none was asked for");
});

test("the same run twice is run once; the same with a higher attempt again and again takes no more than the room", async () => {
  const name = mark();
  const run = stage.run({ parameters: { mark: name } });
  await give(run, run);
  await eventually(() => stage.cloud.endOf(run.runId) !== undefined);
  expect(
    stage.cloud.events(run.runId).filter((event) => event.kind === "flow" && event.state === "Running"),
  ).toHaveLength(1);
  const attempts = Array.from({ length: 30 }, (_, at) => ({ ...stage.run({ runId: makeId() }), attempt: at + 1 }));
  const again = attempts.map((one) => ({ ...one, runId: attempts[0]?.runId }));
  await give(...again);
  await unharmed(stage);
  const reported = new Set(
    stage.cloud.of("report", attempts[0]?.runId).map(({ body }) => (JSON.parse(body) as { attempt: number }).attempt),
  );
  expect(reported.size).toBeLessThanOrEqual(2);
});

test.for([
  ["an id that is a path", { runId: "../../v1/agents" }],
  ["an id that is no UUID", { runId: "1" }],
  ["attempt 0", { attempt: 0 }],
  ["a negative attempt", { attempt: -1 }],
  ["a negative lease", { leaseSeconds: -1 }],
  ["a lease that is no number", { leaseSeconds: "NaN" }],
  ["no storage", { storage: undefined }],
  ["a storage of an unknown kind", { storage: { kind: "shell", command: "touch x" } }],
  ["a token with a line break", { runToken: "a\r\nx-more: 1" }],
  ["a token of a megabyte", { runToken: "t".repeat(1_048_576) }],
] as const)("a claim with %s is no claim", async ([, given]) => {
  const name = mark();
  await give(stage.run({ parameters: { mark: name }, ...given }));
  await unharmed(stage);
  expect(stage.marked(name)).toBe(false);
});

test("commands that do not exist, orders about runs that are not here, and fields that nobody knows do nothing", async () => {
  const { runId } = stage.run();
  await give();
  stage.cloud.once("claim", claims([], [{ runId, order: { kind: "exec", command: "touch x" } }]));
  stage.cloud.once(
    "claim",
    claims([], [{ runId: makeId(), order: { kind: "cancel" } }], { exec: "touch x", constructor: {} }),
  );
  stage.cloud.once(
    "claim",
    claims([], [{ runId: makeId(), order: { kind: "approve", numbers: [1, 2, 2_147_483_647] } }]),
  );
  stage.cloud.once(
    "claim",
    json({
      runs: [],
      orders: [{ runId: makeId(), order: { kind: "slots", numbers: Array.from({ length: 20_000 }, (_, i) => i) } }],
    }),
  );
  await eventually(() => !stage.cloud.waitsWith("claim"), { timeoutMs: 30_000 });
  await unharmed(stage);
});

test("orders with numbers of task runs that are not there do not reach what is", async () => {
  const name = mark();
  const run = stage.run({ parameters: { mark: name } });
  const numbers = [999, 1_000];
  stage.cloud.always("report", (response, { body }) => {
    const { first, events } = JSON.parse(body) as { first: number; events: unknown[] };
    const orders = ["slots", "approve", "resume"].map((kind) => ({ kind, numbers }));
    json({ accepted: first + events.length - 1, leaseSeconds: 45, orders, refused: [] })(response, undefined as never);
  });
  stage.cloud.offer(run);
  await eventually(() => stage.cloud.endOf(run.runId) === "Success");
  stage.cloud.always("report", null);
  await unharmed(stage);
});
