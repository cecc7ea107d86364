import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";
import { temporaryDirectory } from "./testing/start.ts";

const read = (env: Record<string, string>) => readConfig({ WEIR_AGENT_KEY: "weir_a_x", ...env }, "box");

test("everything but the key has a default", () => {
  expect(read({})).toMatchObject({
    name: "box",
    labels: [],
    projects: null,
    capacity: 10,
    healthAddress: null,
    apiUrl: "http://127.0.0.1:4680",
  });
});

test("lists are cut at commas, without blanks and doubles", () => {
  expect(read({ WEIR_AGENT_LABELS: " gpu, eu ,,gpu" }).labels).toEqual(["gpu", "eu"]);
});

test("the key may stand in a file of its own, or in the keys.json of the embedded mode", async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "key"), "weir_a_alone\n");
  await writeFile(
    join(directory, "keys.json"),
    JSON.stringify({ url: "u", userKey: "weir_u_y", agentKey: "weir_a_json" }),
  );
  const keyOf = (file: string) => readConfig({ WEIR_AGENT_KEY_FILE: join(directory, file) }, "box").key;
  expect([keyOf("key"), keyOf("keys.json")]).toEqual(["weir_a_alone", "weir_a_json"]);
});

test("flows get the variables that are named, and never those of Weir itself", () => {
  const env = { WEIR_AGENT_PASS_ENV: "DATABASE_URL,ABSENT", DATABASE_URL: "postgres://db" };
  expect(read(env).flowEnvironment).toEqual({ DATABASE_URL: "postgres://db" });
  expect(read({ DATABASE_URL: "postgres://db" }).flowEnvironment).toEqual({});
});

test("an agent may let its runs go on when the cloud falls silent; unasked it stops them", () => {
  expect(read({}).onLeaseLost).toBe("stop");
  expect(read({ WEIR_AGENT_ON_LEASE_LOST: "continue" }).onLeaseLost).toBe("continue");
});

test("processes of flows serve several runs, unless that is switched off", () => {
  expect(read({}).childReuse).toBe("on");
  expect(read({ WEIR_AGENT_CHILD_REUSE: "off" }).childReuse).toBe("off");
});

test("flows run as the agent's user and without Node's permission model, unless that is set", () => {
  expect(read({})).toMatchObject({ childUser: null, childPermission: null });
  expect(read({ WEIR_AGENT_CHILD_USER: "flows" }).childUser).toBe("flows");
  const granted = (text: string) => read({ WEIR_AGENT_CHILD_PERMISSION: text }).childPermission;
  expect(granted("off")).toBeNull();
  expect(granted("on")).toEqual({ features: [], read: [], write: [] });
  expect(granted("net, worker,read=/srv/data,write=/srv/out")).toEqual({
    features: ["net", "worker"],
    read: ["/srv/data"],
    write: ["/srv/out"],
  });
});

test("an agent may have tasks run in threads", () => {
  expect(read({}).executor).toBe("concurrent");
  expect(read({ WEIR_AGENT_EXECUTOR: "threads" }).executor).toBe("threads");
});

test.for([
  [{ WEIR_AGENT_CHILD_REUSE: "no" }, /WEIR_AGENT_CHILD_REUSE is "no"; it takes one of on, off/],
  [{ WEIR_AGENT_EXECUTOR: "bullmq" }, /WEIR_AGENT_EXECUTOR is "bullmq"; it takes one of concurrent, threads/],
  [{ WEIR_AGENT_ON_LEASE_LOST: "hope" }, /WEIR_AGENT_ON_LEASE_LOST is "hope"; it takes one of stop, continue/],
  [
    { WEIR_AGENT_PASS_ENV: "WEIR_AGENT_KEY" },
    /WEIR_AGENT_PASS_ENV cannot be used. Flows are not given WEIR_AGENT_KEY:/,
  ],
  [{ WEIR_AGENT_PASS_ENV: "HOME,LD_PRELOAD" }, /Flows are not given LD_PRELOAD:/],
  [{ WEIR_AGENT_CHILD_PERMISSION: "internet" }, /WEIR_AGENT_CHILD_PERMISSION grants "internet"; it takes off, on/],
  [{ WEIR_AGENT_CHILD_PERMISSION: "net,read=data" }, /grants "read=data".*absolute paths/],
  [{ WEIR_AGENT_CHILD_PERMISSION: "write=/srv/*" }, /grants "write=\/srv\/\*".*without \*/],
  [{ WEIR_AGENT_KEY: "" }, /no agent key is given.*WEIR_AGENT_KEY_FILE/],
  [{ WEIR_AGENT_KEY_FILE: "/absent/key" }, /WEIR_AGENT_KEY_FILE names \/absent\/key, which cannot be read/],
  [{ WEIR_API_URL: "weir.example.com" }, /WEIR_API_URL is "weir.example.com"/],
  [{ WEIR_AGENT_CAPACITY: "0" }, /WEIR_AGENT_CAPACITY is "0"; it takes a whole number from 1/],
  [{ WEIR_AGENT_CAPACITY: "many" }, /WEIR_AGENT_CAPACITY is "many"/],
  [{ WEIR_LOG_LEVEL: "loud" }, /WEIR_LOG_LEVEL is "loud"; it takes one of trace/],
  [{ WEIR_AGENT_LABELS: "x".repeat(201) }, /WEIR_AGENT_LABELS lists a name of 201 characters/],
] as const)("a variable that cannot be used is named with what it takes: %j", ([env, sentence]) => {
  expect(() => read(env)).toThrow(ConfigError);
  expect(() => read(env)).toThrow(sentence);
});

test("no sentence repeats a key", async () => {
  const file = join(await temporaryDirectory(), "keys.json");
  await writeFile(file, `{"agentKey": "weir_a_secret`);
  await chmod(file, 0o600);
  expect(() => readConfig({ WEIR_AGENT_KEY: "weir_a_secret\u0000" }, "box")).toThrow(/^((?!secret).)*$/);
  expect(() => readConfig({ WEIR_AGENT_KEY_FILE: file }, "box")).toThrow(/^((?!secret).)*$/);
});
