import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startAgent } from "./agent.ts";
import { eventually } from "./testing/eventually.ts";
import { FakeCloud, startFakeCloud } from "./testing/fake-cloud.ts";
import { recordingHost } from "./testing/recording-host.ts";
import { configFor, memoryLog, startRecordedAgent, temporaryDirectory } from "./testing/start.ts";

test("a cloud that is away at the start is waited for, and told of once", async () => {
  const cloud = await startFakeCloud();
  const config = await configFor(cloud);
  await cloud.stop();
  const log = memoryLog();
  const { createRunnerHost } = recordingHost();
  const starting = startAgent(config, { log, createRunnerHost, random: () => 0 });
  await eventually("the warning", () => log.lines.length > 0);
  await cloud.start();
  const agent = await starting;
  onTestFinished(() => agent.stop("now"));
  expect(agent.agentId).toBe(cloud.agentId);
  expect(log.lines.filter((line) => line.startsWith("warn"))).toEqual([
    expect.stringMatching(/cannot be reached: .* keeps trying/),
  ]);
});

test("a wrong key ends the start with a sentence, after one question", async () => {
  const cloud = await startFakeCloud();
  await expect(startRecordedAgent(cloud, { key: "weir_a_wrong" })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(
      /The fake cloud says UNAUTHENTICATED\. The agent ends here; give it a key of scope agent/,
    ),
  });
  expect(cloud.enrolments).toHaveLength(1);
});

test("a key that is revoked later ends the agent, which gives back what it holds", async () => {
  const cloud = await startFakeCloud();
  const { agent, host } = await startRecordedAgent(cloud);
  const run = cloud.offer();
  const held = await eventually("the run", () => host.runs.get(run.runId));
  cloud.refusals.set("enrol", "KEY_REVOKED");
  cloud.forgetSessions();
  await expect(agent.done).rejects.toMatchObject({ exitCode: 3 });
  expect(held.released).toEqual(["drain"]);
  expect(cloud.enrolments).toHaveLength(2);
});

test("journals that are found are shipped before anything is claimed", async () => {
  const cloud = await startFakeCloud();
  cloud.offer();
  const shipped = Promise.withResolvers<{ runs: number; events: number }>();
  const host = recordingHost(() => shipped.promise);
  const log = memoryLog();
  const starting = startAgent(await configFor(cloud), { log, createRunnerHost: host.createRunnerHost });
  await eventually("shipping", () => host.deeds.includes("ship"));
  expect(cloud.claims).toEqual([]);
  shipped.resolve({ runs: 2, events: 70 });
  const agent = await starting;
  onTestFinished(() => agent.stop("now"));
  await eventually("the claim", () => host.deeds.includes("run"));
  expect(host.deeds.slice(0, 2)).toEqual(["ship", "run"]);
  expect(log.lines).toContain("info: The journals of 2 earlier runs were shipped first.");
});

test("a drain lets a run end by itself, and claims nothing meanwhile", async () => {
  const cloud = await startFakeCloud();
  const { agent, host } = await startRecordedAgent(cloud, { drainSeconds: 60 });
  const run = cloud.offer();
  const held = await eventually("the run", () => host.runs.get(run.runId));
  const stopped = agent.stop();
  cloud.offer();
  await eventually("a poll without room", () => cloud.claims.at(-1)?.room === 0);
  cloud.order(run.runId, { kind: "cancel" });
  await eventually("an order during the drain", () => held.orders[0]?.kind === "cancel");
  held.end();
  await stopped;
  expect(held.released).toEqual([]);
  expect(host.runs.size).toBe(1);
  expect(host.deeds.at(-1)).toBe("close");
});

test("what does not end within the drain is given back", async () => {
  const cloud = await startFakeCloud();
  const { agent, host } = await startRecordedAgent(cloud, { drainSeconds: 0 });
  const run = cloud.offer();
  const held = await eventually("the run", () => host.runs.get(run.runId));
  await agent.stop();
  await agent.done;
  expect(held.released).toEqual(["drain"]);
});

test("a second stop gives back at once", async () => {
  const cloud = await startFakeCloud();
  const { agent, host } = await startRecordedAgent(cloud, { drainSeconds: 600 });
  const run = cloud.offer();
  const held = await eventually("the run", () => host.runs.get(run.runId));
  const stopped = agent.stop();
  void agent.stop("now");
  await stopped;
  expect(held.released).toEqual(["shutdown"]);
});

test("everything that was sent stands in the ledger of the agent's directory", async () => {
  const cloud = await startFakeCloud();
  const { agent, config } = await startRecordedAgent(cloud);
  await agent.stop();
  const ledger = await stat(join(config.directory, "ledger.jsonl"));
  expect(ledger.size).toBeGreaterThan(0);
  expect(ledger.mode & 0o777).toBe(0o600);
});

test("the directory is free again after the end", async () => {
  const cloud = await startFakeCloud();
  const directory = await temporaryDirectory();
  const { agent } = await startRecordedAgent(cloud, { directory });
  await agent.stop();
  const again = await startRecordedAgent(cloud, { directory });
  expect(again.agent.agentId).toBe(cloud.agentId);
});

test("something else than Weir behind the URL ends the start when it is no passing fault", async () => {
  const cloud = new FakeCloud();
  await cloud.start();
  onTestFinished(() => cloud.stop());
  cloud.refusals.set("enrol", "AGENT_TOO_OLD");
  await expect(startRecordedAgent(cloud)).rejects.toMatchObject({
    exitCode: 1,
    message: "The fake cloud says AGENT_TOO_OLD.",
  });
});
