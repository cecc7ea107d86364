import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloudConfig } from "./config.ts";
import { startCloud } from "./start-cloud.ts";

const MAIN = join(import.meta.dirname, "main.ts");

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const env = () => ({
  PATH: process.env.PATH,
  WEIR_DATABASE_URL: database.url,
  WEIR_CLOUD_SECRET: Buffer.alloc(32, 5).toString("base64url"),
  WEIR_CLOUD_PORT: "0",
  WEIR_LOG_LEVEL: "warn",
});

async function startMain(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(MAIN, { env: env(), stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [message] = (await once(child, "message")) as [{ kind: string; url: string }];
  expect(message.kind).toBe("listening");
  return { child, url: message.url };
}

test("as a process it tells its parent where it listens, and ends at SIGTERM with code 0", async () => {
  const { child, url } = await startMain();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("it ends with its parent, also when that is gone before it listens", async () => {
  const child = fork(MAIN, { env: env(), stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("it ends with its parent", async () => {
  const { child, url } = await startMain();
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
  await eventually(async () => await expect(fetch(`${url}/livez`)).rejects.toThrow());
});

async function failing(environment: Record<string, string | undefined>): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text += part));
  const [code] = (await once(child, "close")) as [number];
  return { code, text };
}

test("what is wrong with its variables is a sentence, not a stack", async () => {
  expect(await failing({ PATH: process.env.PATH })).toEqual({
    code: 1,
    text: expect.stringMatching(/^Neither WEIR_DATABASE_URL .* is set\.\n$/),
  });
  const short = await failing({ ...env(), WEIR_CLOUD_SECRET: "short" });
  expect(short).toEqual({
    code: 1,
    text: expect.stringMatching(/^The cloud could not start: The cloud secret must be .*\n$/),
  });
});

test("embedded, it makes a tenant and keys once, keeps them to itself, and takes the next port when one is busy", async () => {
  const directory = mkdtempSync(join(tmpdir(), "weir embedded "));
  const busy = createServer().listen(0, "127.0.0.1");
  await once(busy, "listening");
  const { port } = busy.address() as { port: number };
  const config = cloudConfig({ database: { embeddedDirectory: directory }, port, logLevel: "silent" });
  const first = await startCloud(config);
  expect(first.port).toBeGreaterThan(port);
  expect(first.keys).toMatchObject({
    url: first.url,
    userKey: expect.stringMatching(/^weir_u_/),
    agentKey: expect.stringMatching(/^weir_a_/),
  });
  for (const file of ["keys.json", "cloud-secret"]) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(join(directory, "keys.json"), "utf8"))).toEqual(first.keys);
  await first.stop();
  busy.close();
  const second = await startCloud({ ...config, port: 0 });
  expect(second.keys).toMatchObject({ userKey: first.keys?.userKey, agentKey: first.keys?.agentKey });
  const body = JSON.stringify({ query: "{ viewer { tenant { name } scope } }" });
  const headers = { authorization: `Bearer ${second.keys?.userKey}`, "content-type": "application/json" };
  const reply = await fetch(`${second.url}/graphql`, { method: "POST", headers, body });
  expect(await reply.json()).toMatchObject({ data: { viewer: { tenant: { name: "default" }, scope: "user" } } });
  await second.stop();
  rmSync(directory, { recursive: true, force: true });
});
