import type { ToChild } from "@weir/protocol";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Child, childEnvironment } from "./child.ts";
import { isAlive } from "./testing/eventually.ts";
import { rememberingLog } from "./testing/host-defaults.ts";
import { Watchdog } from "./watchdog.ts";

/** A child that runs a script of one test. */
async function childOf(script: string): Promise<Child> {
  const directory = await mkdtemp(join(tmpdir(), "weir-child-"));
  const watchdog = new Watchdog(rememberingLog([]));
  const entry = join(directory, "entry.cjs");
  await writeFile(entry, script);
  const child = new Child({ entry, execArgv: [], environment: childEnvironment(process.env), watchdog });
  onTestFinished(async () => {
    child.kill();
    await child.exited;
    await watchdog.close();
    await rm(directory, { recursive: true });
  });
  return child;
}

/** Much more than a pipe holds. */
const LINES = 2_000;

test("a reader that pauses all the time still gets everything that a process said before it ended", async () => {
  const line = `{"kind":"secrets","values":["${"x".repeat(200)}"]}`;
  const child = await childOf(`require("node:fs").writeSync(3, ${JSON.stringify(`${line}\n`)}.repeat(${LINES}))`);
  let heard = 0;
  child.listen({
    messages: (messages) => {
      heard += messages.length;
      child.pause();
      // Slowly, so that much is still in the pipe when the process ends.
      setTimeout(() => !child.over && child.resume(), 20);
    },
    invalid: () => {},
  });
  expect(await child.exited).toEqual({ code: 0, signal: null });
  expect(heard).toBe(LINES);
});

test("what a child says before anybody listens is kept", async () => {
  const child = await childOf(`
    require("node:fs").writeSync(3, '{"kind":"ready","sdkVersion":"1"}\\n');
    setInterval(() => {}, 1000);
  `);
  expect(await child.ready).toBe(true);
  const kinds: string[] = [];
  child.listen({ messages: (messages) => kinds.push(...messages.map((message) => message.kind)), invalid: () => {} });
  expect(kinds).toEqual(["ready"]);
});

test("a child that speaks without end before it has a run is not heard any more", async () => {
  const child = await childOf(`
    require("node:fs").writeSync(3, '{"kind":"ready","sdkVersion":"1"}\\n'.repeat(1001));
    setInterval(() => {}, 1000);
  `);
  const problem = Promise.withResolvers<string>();
  await child.ready;
  child.listen({ messages: () => {}, invalid: (error) => problem.resolve(error.message) });
  expect(await problem.promise).toBe("it wrote more than 1000 messages before it was given a run");
});

test("what waits for a child that does not read is bounded, and the child counts as one that speaks badly", async () => {
  const child = await childOf("for (;;);");
  const problems: string[] = [];
  child.listen({ messages: () => {}, invalid: (error) => problems.push(error.message) });
  // A start is as large as it has to be: what comes after it still has all its room.
  child.send({ kind: "start", parameters: "x".repeat(1_000_000) } as unknown as ToChild);
  const order: ToChild = {
    kind: "order",
    order: { kind: "slots", numbers: Array.from({ length: 10_000 }, () => 2 ** 30) },
  };
  const bytes = JSON.stringify(order).length;
  for (let sent = 0; sent < 30 * 1024 * 1024; sent += bytes) child.send(order);
  expect(problems).toEqual([]);
  for (let sent = 0; sent < 60 * 1024 * 1024; sent += bytes) child.send(order);
  expect(problems).toEqual(["more than 33554432 bytes wait for it to read them"]);
  child.kill();
  await child.exited;
});

test("a child that ends before it is ready says so", async () => {
  const child = await childOf("process.exit(4)");
  expect(await child.ready).toBe(false);
  expect(await child.exited).toEqual({ code: 4, signal: null });
});

test("a later stop can make the grace shorter, never longer", async () => {
  const child = await childOf(`
    process.on("SIGTERM", () => {});
    require("node:fs").writeSync(3, '{"kind":"ready","sdkVersion":"1"}\\n');
    setInterval(() => {}, 1000);
  `);
  await child.ready;
  const pid = child.pid ?? 0;
  child.stop(100_000);
  child.stop(50);
  child.stop(100_000);
  expect((await child.exited).signal).toBe("SIGKILL");
  expect(isAlive(pid)).toBe(false);
});

test("the environment of a child holds what is on the list, and nothing that steers Node or the loader", () => {
  const environment = {
    PATH: "/bin",
    LC_ALL: "C",
    NODE_OPTIONS: "--inspect",
    LD_PRELOAD: "x",
    GIT_DIR: "y",
    A_TOKEN: "z",
  };
  expect(childEnvironment(environment)).toEqual({ PATH: "/bin", LC_ALL: "C" });
});
