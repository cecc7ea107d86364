import type { AskMessage, ToChild } from "@weir/protocol";
import { expect, test } from "vitest";
import { type CloudRun, refusal } from "./testing/fake-cloud.ts";
import { setStage } from "./testing/stage.ts";

// What the fake child asks of the key-value store, and what it is told.

type Plain = Omit<AskMessage, "kind" | "id"> & Record<string, unknown>;

const asking = (hears: number, ...questions: Plain[]) => ({ behave: "ask", questions, hears });
const heard = (run: CloudRun): ToChild[] => run.lines().map((line) => JSON.parse(line) as ToChild);

const kvGet: Plain = { ask: "kvGet", key: "cursor" };
const kvSet: Plain = { ask: "kvSet", key: "cursor", value: { at: 7 }, expectedVersion: 1, number: 1 };
const kvDelete: Plain = { ask: "kvDelete", key: "cursor" };

test("the key-value store: an entry is read, written and deleted; a write has an id of its own", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.kvGet = () => ({ version: 3, value: [null] });
  cloud.answers.kvSet = () => ({ version: 4 });
  const { handle, run } = begin(asking(3, kvGet, kvSet, kvDelete));
  expect(await handle.done).toMatchObject({ kind: "finished" });
  const told = heard(run);
  expect(told).toContainEqual({ kind: "answer", id: 1, answer: { version: 3, value: [null] } });
  expect(told).toContainEqual({ kind: "answer", id: 2, answer: { version: 4 } });
  expect(told).toContainEqual({ kind: "answer", id: 3, answer: { deleted: true } });
  const asked = Object.fromEntries(run.asked.map(({ ask, body }) => [ask, body]));
  expect(asked["kvGet"]).toEqual({ attempt: 1, key: "cursor" });
  const { ask: _ask, ...written } = kvSet;
  expect(asked["kvSet"]).toEqual({ attempt: 1, question: expect.any(String) as string, ...written });
  expect(asked["kvDelete"]).toEqual({ attempt: 1, question: expect.any(String) as string, key: "cursor" });
  expect(asked["kvSet"]?.["question"]).not.toBe(asked["kvDelete"]?.["question"]);
});

test("a write that is asked again has the same id as before", async () => {
  const { begin, cloud } = await setStage();
  let asked = 0;
  cloud.answers.kvSet = () => ((asked += 1) < 3 ? refusal("OVERLOADED", "Later.") : { version: 1 });
  const { handle, run } = begin(asking(1, kvSet));
  expect(await handle.done).toMatchObject({ kind: "finished" });
  expect(run.asked).toHaveLength(3);
  expect(new Set(run.asked.map(({ body }) => body["question"])).size).toBe(1);
  expect(heard(run)).toEqual([{ kind: "answer", id: 1, answer: { version: 1 } }]);
});

test("a cloud that is older than the key-value store is told by name, and the run goes on", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.kvGet = () => refusal("NOT_FOUND", "There is no POST /v1/runs/x/kv/get here.");
  const { handle, run } = begin(asking(1, kvGet));
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const message = `The cloud at ${cloud.url} has no key-value store for flows: it is older than this agent. Update the cloud.`;
  expect(heard(run)).toEqual([{ kind: "answer", id: 1, refusal: { code: "NOT_FOUND", message } }]);
});

test("questions of the key-value store that cannot be asked are refused here, and values that cannot be taken", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.kvGet = () => ({
    version: 1,
    value: JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`) as unknown,
  });
  const wrong = [
    { ...kvSet, key: "" },
    { ...kvSet, expectedVersion: -1 },
    { ...kvSet, expectedVersion: 2 ** 40 },
    { ...kvSet, value: "x".repeat(65_535) },
    { ...kvSet, value: "a\0" },
    { ...kvDelete, key: "k".repeat(201) },
  ];
  const { handle, run } = begin(asking(7, kvGet, ...wrong));
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const refusals = heard(run).map((message) => ("refusal" in message ? `${message.id} ${message.refusal.code}` : ""));
  expect(refusals.toSorted()).toEqual([
    "1 INVALID",
    "2 INVALID",
    "3 INVALID",
    "4 INVALID",
    "5 TOO_LARGE",
    "6 INVALID",
    "7 INVALID",
  ]);
  expect(run.asked.map(({ ask }) => ask)).toEqual(["kvGet"]);
});

test("a run whose attempt is not the live one any more is stopped when it asks the key-value store", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.kvSet = () => refusal("STALE_ATTEMPT", "Another attempt is the live one.");
  const { handle } = begin(asking(1, kvSet));
  expect(await handle.done).toMatchObject({ kind: "fenced" });
});
