import { expect, test } from "vitest";
import { RunnerOfTest } from "../testing/child-process.ts";
import { flowDirectory } from "../testing/flow-directory.ts";

// A module that connects while it is loaded, and fails: no run is there yet that could register what it had read.
const FLOW = `
import { flow, secret } from "@weir/sdk";
const password = await secret("EARLY_PASSWORD");
throw new Error("cannot connect with " + password);
export default flow("f", () => 1);
`;

test("a secret that was read by a file that then cannot be loaded is registered before the failure is told", async () => {
  const runner = new RunnerOfTest().start(flowDirectory({ "flow.ts": FLOW }), {
    env: { EARLY_PASSWORD: "open sesame" },
  });
  await runner.finished();
  const secrets = runner.messages.findIndex((message) => message.kind === "secrets");
  const events = runner.messages.findIndex((message) => message.kind === "events");
  expect(runner.messages[secrets]).toMatchObject({ values: ["open sesame"] });
  expect(runner.events.at(-1)).toMatchObject({ kind: "flow", state: "Failed" });
  expect(secrets).toBeLessThan(events);
});
