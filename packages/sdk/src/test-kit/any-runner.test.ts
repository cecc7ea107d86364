import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { flowDirectory } from "../testing/flow-directory.ts";

const exec = promisify(execFile);

// A user's project has no vitest, or another version of it.
const OWN_TEST = `
import test from "node:test";
import assert from "node:assert/strict";
import { flow, task } from "@weir/sdk";
import { expectStates, failTask, testRun } from "@weir/sdk/testing";

const load = task("load", { retries: 1, retryDelay: "1h" }, (): number => 1);

test("my flow", async () => {
  const result = await testRun(flow("mine", () => load()), undefined, { with: [failTask(load, { times: 1 })] });
  assert.equal(result.value, 1);
  expectStates(result, load, ["Pending", "Running", "Retrying", "Running", "Success"]);
});
`;

test("it works in Node's own test runner, without vitest, and leaves nothing running", async () => {
  const directory = flowDirectory({ "mine.test.ts": OWN_TEST, "package.json": '{"type":"module"}' });
  // As a user's process: this one is a test's of vitest, which Node's runner would take for its own child's.
  const env = { PATH: process.env.PATH };
  const { stdout } = await exec(process.execPath, ["--test", "--test-reporter=tap", "mine.test.ts"], {
    cwd: directory,
    env,
  });
  expect(stdout).toMatch(/# pass 1[\s\S]*# fail 0/);
});
