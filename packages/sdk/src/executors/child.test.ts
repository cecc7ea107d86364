import { expect, test } from "vitest";
import { RunnerOfTest } from "../testing/child-process.ts";
import { flowDirectory } from "../testing/flow-directory.ts";

const FLOW = `
import { threadId } from "node:worker_threads";
import { flow, run, secret, task } from "@weir/sdk";
import { threads } from "@weir/sdk/executors";

const pool = threads({ size: 2 });
const talk = task("talk", { executor: pool }, async (n: number) => {
  run.log.info("thread " + (threadId > 0));
  console.log("to standard output");
  return n + (await secret("TOKEN")).length;
});
const spin = task("spin", { executor: pool, timeout: 200 }, () => {
  for (;;);
});
const check = task("check", (sum: number) => run.log.info("sum " + sum));

export default flow("f", async () => {
  void spin();
  await check(await talk(1));
});
`;

test("in a flow's process: threads load the user's file with the user's SDK, speak for their task, and end with the flow", async () => {
  const directory = flowDirectory({ "package.json": '{"type":"module"}', "flow.ts": FLOW });
  const runner = new RunnerOfTest().start(directory, { env: { TOKEN: "hush" } });
  const last = await runner.finished();
  expect(last).toMatchObject({ kind: "flow", state: "Failed" });
  const lines = runner.events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
  expect(lines).toEqual(expect.arrayContaining(["thread true", "sum 5"]));
  expect(runner.stdout).toContain("to standard output");
  expect(runner.messages).toContainEqual({ kind: "secrets", values: ["hush"] });
  const states = runner.events.flatMap((event) => (event.kind === "task" ? [event.state] : []));
  expect(states.filter((state) => state === "TimedOut")).toHaveLength(1);
});
