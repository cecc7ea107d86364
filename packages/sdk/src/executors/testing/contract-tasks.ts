// Tasks of the executors' contract. Loaded by the tests, by threads, and by worker processes.
import { threadId } from "node:worker_threads";
import { fail, loopWith, pause, retryAfter, run, secret, skip, succeedWith, task } from "../../index.ts";

/** A class of the user's own: another object in every thread. */
export class ServiceDown extends RangeError {
  override readonly name = "ServiceDown";
  readonly status = 503;
  readonly socket = (): void => undefined;
}

function thrown(kind: string): unknown {
  switch (kind) {
    case "type":
      return new TypeError("no number");
    case "own":
      return new ServiceDown("down", { cause: new Error("refused", { cause: "port 1" }) });
    case "several":
      return new AggregateError([new TypeError("a"), new Error("b")], "two");
    case "system":
      return Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT", errno: -2 });
    case "aborted":
      return new DOMException("stopped", "AbortError");
    case "text":
      return "just a text";
    case "fail":
      return fail("bad day");
    case "skip":
      return skip("nothing came");
    case "pause":
      return pause("is it right?");
    case "retryAfter":
      return retryAfter("90s", "not ready");
    case "retryAt":
      return retryAfter(new Date(86_400_000), "tomorrow");
    case "succeedWith":
      return succeedWith(new Map([["n", 1n]]));
    default:
      return loopWith({ page: 2 });
  }
}

export const functions = {
  echo: (value: unknown) => value,
  place: async () => {
    await Promise.resolve();
    return { pid: process.pid, thread: threadId };
  },
  facts: async () => {
    await Promise.resolve();
    const { flowRunId, attempt, tryNumber, mapIndex, loop, approved, parameters, scheduledStartTime, idempotencyKey } =
      run;
    return { flowRunId, attempt, tryNumber, mapIndex, loop, approved, parameters, scheduledStartTime, idempotencyKey };
  },
  talk: async () => {
    run.log.warn("%d of %s", 3, "five");
    await Promise.resolve();
    run.artifact.link("board", { url: "https://example.org" });
    return (await secret("CONTRACT_SECRET")).length;
  },
  throw: (kind: string) => {
    throw thrown(kind);
  },
  swallow: () => {
    skip("never thrown");
    return 1;
  },
  listen: async () => {
    run.log.info("begun");
    await new Promise((resolve) => run.signal.addEventListener("abort", resolve, { once: true }));
    run.log.info("told to stop: %s", (run.signal.reason as Error).message);
    throw run.signal.reason;
  },
  spin: () => {
    run.log.info("begun");
    for (;;);
  },
  exit: (lines: number) => {
    for (let line = 0; line < lines; line += 1) run.log.info("last words");
    process.exit(3);
  },
  breakLater: async () => {
    setTimeout(() => {
      throw new Error("in a timer");
    }, 1);
    await new Promise(() => setInterval(() => undefined, 60_000));
  },
  functionOut: () => () => 1,
} satisfies Record<string, (...inputs: never[]) => unknown>;

export type ContractTask = keyof typeof functions;

for (const [name, fn] of Object.entries(functions)) task(name, fn as (...inputs: unknown[]) => unknown);
