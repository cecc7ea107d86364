import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Health, healthStatus, serveHealth } from "./health.ts";
import { eventually } from "./testing/eventually.ts";
import { startFakeCloud } from "./testing/fake-cloud.ts";
import { startRecordedAgent, temporaryDirectory } from "./testing/start.ts";

const HEALTH: Health = { agentId: "a", name: "n", lastPollAgoMs: 10, heldRuns: [], draining: false };

async function ask(
  target: { socketPath: string } | { host: string; port: number },
): Promise<{ status: number | undefined; body: unknown }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: unknown }>();
  request({ ...target, path: "/" }, (reply) => {
    let text = "";
    reply.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    reply.on("end", () => resolve({ status: reply.statusCode, body: JSON.parse(text) }));
  })
    .on("error", reject)
    .end();
  return await promise;
}

test("an agent tells its id, how long ago the cloud answered, and which runs it holds", async () => {
  const cloud = await startFakeCloud();
  const socketPath = join(await temporaryDirectory(), "health.sock");
  const { agent, host } = await startRecordedAgent(cloud, { healthAddress: socketPath });
  const run = cloud.offer();
  await eventually("the run", () => host.runs.has(run.runId));
  const { status, body } = await ask({ socketPath });
  expect(status).toBe(200);
  expect(body).toEqual({
    agentId: cloud.agentId,
    name: "test",
    lastPollAgoMs: expect.any(Number),
    heldRuns: [run.runId],
    draining: false,
  });
  await agent.stop("now");
  await expect(ask({ socketPath })).rejects.toThrow();
});

test("a port is opened only when asked for, on the loopback when no host is named", async () => {
  const cloud = await startFakeCloud();
  const { agent } = await startRecordedAgent(cloud, { healthAddress: ":0" });
  const [host = "", port] = (agent.healthAddress ?? "").split(":");
  expect(host).toBe("127.0.0.1");
  expect((await ask({ host, port: Number(port) })).status).toBe(200);
  const silent = await startRecordedAgent(cloud);
  expect(silent.agent.healthAddress).toBeNull();
});

test("an agent that the cloud does not answer is not healthy", () => {
  expect(healthStatus(HEALTH)).toBe(200);
  expect(healthStatus({ ...HEALTH, lastPollAgoMs: 75_000 })).toBe(503);
  expect(healthStatus({ ...HEALTH, lastPollAgoMs: null })).toBe(503);
});

test("a socket that a killed agent left is taken over", async () => {
  const path = join(await temporaryDirectory(), "health.sock");
  const first = createServer().listen(path);
  await new Promise((listening) => first.once("listening", listening));
  onTestFinished(() => void first.close());
  const server = await serveHealth(path, () => HEALTH);
  onTestFinished(() => server.close());
  expect((await ask({ socketPath: path })).body).toEqual(HEALTH);
});

test("an address that cannot be had is a sentence", async () => {
  await expect(serveHealth("/absent/health.sock", () => HEALTH)).rejects.toThrow(
    /WEIR_AGENT_HEALTH_ADDRESS is \/absent\/health.sock/,
  );
});
