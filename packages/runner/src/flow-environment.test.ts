import { expect, test } from "vitest";
import { FlowEnvironmentError, flowEnvironment } from "./flow-environment.ts";
import { setStage } from "./testing/stage.ts";

test.for([
  "WEIR_AGENT_KEY",
  "NODE_OPTIONS",
  "NODE_PATH",
  "NODE_COMPILE_CACHE",
  "LD_PRELOAD",
  "LD_LIBRARY_PATH",
  "DYLD_INSERT_LIBRARIES",
  "GIT_SSH_COMMAND",
  "BASH_ENV",
])("no flow gets %s, and the sentence does not repeat its value", (name) => {
  const error = thrownBy(() => flowEnvironment({ REGION: "eu", [name]: "planted-value" }));
  expect(error).toBeInstanceOf(FlowEnvironmentError);
  expect(String(error)).toContain(`not given ${name}:`);
  expect(String(error)).not.toMatch(/planted-value|REGION/);
});

test("other variables are handed on as they are", () => {
  const given = { REGION: "eu", NODE_ENV: "production", GITHUB_SHA: "1", WEIRD: "2", LDAP_URL: "3" };
  expect(flowEnvironment(given)).toBe(given);
});

test("a runner with such a variable is not made at all", async () => {
  await expect(setStage({}, { environment: { LD_PRELOAD: "/tmp/evil.so" } })).rejects.toThrow(FlowEnvironmentError);
});

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
