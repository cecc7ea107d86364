import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { jobOf, linesOf, type TestJob } from "../testing/job.ts";
import { threads } from "./threads.ts";

interface Place {
  readonly pid: number;
  readonly thread: number;
}

const TESTING = join(import.meta.dirname, "..", "testing");

async function begun(job: TestJob): Promise<void> {
  await eventually(() => expect(linesOf(job)).toContain("begun"));
}

test("tries run in other threads of this process, no more than its size at a time", async () => {
  const executor = threads({ size: 2 });
  onTestFinished(async () => await executor.close());
  const jobs = Array.from({ length: 20 }, async () => (await executor.run(jobOf("place"))) as Place);
  const places = await Promise.all(jobs);
  expect(new Set(places.map(({ pid }) => pid))).toEqual(new Set([process.pid]));
  const used = new Set(places.map(({ thread }) => thread));
  expect(used.has(0)).toBe(false);
  expect(used.size).toBeLessThanOrEqual(2);
});

test("a try that waits for a thread is not begun any more once it is aborted", async () => {
  const executor = threads({ size: 1 });
  onTestFinished(async () => await executor.close());
  const running = jobOf("spin");
  const waiting = jobOf("spin");
  const outcomes = [running, waiting].map(async (job) => await executor.run(job).catch((error: unknown) => error));
  await begun(running);
  waiting.controller.abort(new Error("not wanted"));
  expect(await outcomes[1]).toMatchObject({ message: "not wanted" });
  running.controller.abort(new Error("enough"));
  expect(await outcomes[0]).toMatchObject({ message: "enough" });
  expect(waiting.events).toEqual([]);
  expect(await executor.run(jobOf("echo", "next"))).toBe("next");
});

test("what a thread said before it died arrives, also when its death is noticed first", async () => {
  const executor = threads({ size: 1 });
  onTestFinished(async () => await executor.close());
  for (let round = 0; round < 5; round += 1) {
    await executor.run(jobOf("echo", "warm"));
    const job = jobOf("exit", 10);
    const outcome = executor.run(job).catch((error: unknown) => error);
    // While this thread is busy, both lie in wait for it; which comes first is chance.
    await new Promise((resolve) => setTimeout(resolve, 1));
    for (const until = performance.now() + 250; performance.now() < until;);
    expect(await outcome).toMatchObject({ code: "EXECUTOR_FAILED" });
    expect(linesOf(job)).toHaveLength(10);
  }
});

test("closing does not take threads from another flow run that shares the executor, and a later try begins new ones", async () => {
  const executor = threads({ size: 1, grace: 60_000 });
  const job = jobOf("listen");
  const outcome = executor.run(job).catch((error: unknown) => error);
  await begun(job);
  await executor.close();
  job.controller.abort(new Error("now"));
  expect(await outcome).toMatchObject({ message: "now" });
  expect(await executor.run(jobOf("echo", 1))).toBe(1);
  await executor.close();
});

test("a program whose executor is not closed ends all the same", async () => {
  const program = `
    const { jobOf } = await import(${JSON.stringify(join(TESTING, "job.ts"))});
    const { threads } = await import(${JSON.stringify(join(TESTING, "..", "index.ts"))});
    console.log(await threads({ size: 1, idleTimeout: "1h" }).run(jobOf("echo", "done")));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  expect(stdout).toBe("done\n");
});
