// Flows whose tasks run in threads.
import { threadId } from "node:worker_threads";
import { flow, kv, KvConflictError, loopWith, run, skip, task } from "../../index.ts";
import { concurrent } from "../concurrent.ts";
import { threads } from "../threads/threads.ts";
import { ServiceDown } from "./contract-tasks.ts";

const pool = threads({ size: 2 });

const square = task("square", (n: number) => {
  run.log.info("%d squared", n);
  return [n * n, threadId] as const;
});
const here = task("here", { executor: concurrent() }, () => threadId);

/** A flow's executor is that of its tasks, unless they name another one. */
export const mapped = flow("mapped", { executor: pool }, async ({ count }: { count: number }) => {
  const squares = await square.map(Array.from({ length: count }, (_, n) => n));
  return { squares, here: await here() };
});

const spin = task("spin", { executor: pool, timeout: 300 }, (ticks: SharedArrayBuffer) => {
  const counter = new Int32Array(ticks);
  for (;;) Atomics.add(counter, 0, 1);
});

/** An endless loop, which counts where it can be seen, and a task behind it. */
export const spinning = flow("spinning", async (ticks: SharedArrayBuffer) => {
  void spin(ticks);
  await square.with({ executor: pool })(3);
});

/** An endless loop that only a cancel ends. */
export const cancelled = flow("cancelled", async (ticks: SharedArrayBuffer) => {
  await spin.with({ timeout: "1h" })(ticks);
});

const flaky = task("flaky", { executor: pool, retries: 3, retryDelay: 1, retryOn: ServiceDown }, () => {
  if (run.tryNumber < 3) throw new ServiceDown("down");
  return run.tryNumber;
});
const wrong = task("wrong", { executor: pool, retries: 3, retryDelay: 1, retryOn: ServiceDown }, () => {
  throw new TypeError("not among those");
});

export const retried = flow("retried", async () => await flaky());
export const notRetried = flow("not-retried", async () => await wrong());

const leave = task("leave", { executor: pool, retries: 1, retryDelay: 1 }, () => {
  if (run.tryNumber === 1) process.exit(7);
  return "second try";
});
export const left = flow("left", async () => await leave());

const count = task("count", { executor: pool }, () => {
  const { count: turns, value = 0 } = run.loop as { count: number; value?: number };
  if (turns < 3) throw loopWith(value + 10);
  return value;
});
const nothing = task("nothing", { executor: pool }, () => {
  throw skip("nothing to do");
});
export const signals = flow("signals", async () => {
  void nothing();
  return await count();
});

const nap = task("nap", { executor: threads({ size: 1 }), timeout: 400 }, async (n: number) => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return n;
});

/** Eight of 100 ms, one after the other, each with a timeout of 400 ms. */
export const queued = flow("queued", async () => await nap.map([1, 2, 3, 4, 5, 6, 7, 8]));

const keep = task("keep", { executor: pool }, async (key: string) => {
  const version = await kv.set(key, { from: threadId > 0 });
  const late = await kv.set(key, 2, { expectedVersion: version + 1 }).catch((error: unknown) => error);
  return { version, isConflict: late instanceof KvConflictError, entry: await kv.entry(key) };
});

/** A thread asks the key-value store by way of the flow's process, which reads what was written. */
export const keeping = flow("keeping", async ({ key }: { key: string }) => [await keep(key), await kv.get(key)]);
