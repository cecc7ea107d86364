import { expect, test, vi } from "vitest";
import { RunStore } from "./run-store.ts";
import { taskRow } from "./testing/task-row.ts";

function storeByHand() {
  const frames: (() => void)[] = [];
  const store = new RunStore((draw) => frames.push(draw));
  return { store, draw: () => frames.splice(0).forEach((frame) => frame()) };
}

test("however much comes, it is told once a frame, in the order of the task runs", () => {
  const { store, draw } = storeByHand();
  const listener = vi.fn();
  store.subscribe(listener);
  store.put([taskRow({ number: 3 }), taskRow({ number: 1 })]);
  store.put([taskRow({ number: 2 })]);
  store.setLink("live");
  expect(listener).not.toHaveBeenCalled();
  draw();
  expect(listener).toHaveBeenCalledTimes(1);
  expect(store.snapshot().taskRuns.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(store.snapshot().link).toBe("live");
});

test("what did not change stays the same object", () => {
  const { store, draw } = storeByHand();
  const one = taskRow({ number: 1 });
  store.put([one, taskRow({ number: 2 })]);
  draw();
  const before = store.snapshot();
  store.put([taskRow({ number: 2, state: "Failed" })]);
  draw();
  expect(store.snapshot().taskRuns[0]).toBe(one);
  expect(store.snapshot()).not.toBe(before);
  store.setLink("live");
  const rows = store.snapshot().taskRuns;
  draw();
  expect(store.snapshot().taskRuns).toBe(rows);
});

test("what was asked for does not take the place of what was heard", () => {
  const { store, draw } = storeByHand();
  store.put([taskRow({ number: 1, state: "Success" })]);
  store.putIfAbsent([taskRow({ number: 1, state: "Running" }), taskRow({ number: 2, state: "Running" })]);
  draw();
  expect(store.snapshot().taskRuns.map(({ state }) => state)).toEqual(["Success", "Running"]);
});

test("whoever waits for a run that is over to change hears of it, also when it was too early to wait", async () => {
  const { store } = storeByHand();
  const stop = new AbortController();
  store.setStateVersion(4);
  let heard = false;
  const newer = store.newer(4, stop.signal).then(() => (heard = true));
  store.setStateVersion(4);
  await Promise.resolve();
  expect(heard).toBe(false);
  store.setStateVersion(5);
  await newer;
  await store.newer(4, stop.signal);
  const never = store.newer(5, stop.signal);
  stop.abort();
  await never;
});
