import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(false);
});
afterAll(() => stage.end());

interface Listed {
  readonly apiKeys: readonly { readonly id: string; readonly name: string; readonly revokedAt: string | null }[];
}

test("a key is shown once, opens the cloud from a file, and is refused once it is revoked", async () => {
  const created = await stage.weir(["keys", "create", "ci"]);
  expect(created).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^weir_u_\w+\n$/),
    err: expect.stringMatching(/shown this once/),
  });
  const file = join(stage.folder, "ci-key");
  await writeFile(file, created.out);
  const env = { WEIR_API_KEY_FILE: file };
  const listed = await stage.weir(["keys", "list"], { env });
  expect(listed.code).toBe(0);
  expect(listed.out).toMatch(/ci +\d+ rights +\S.* good/);
  const { apiKeys } = await stage.json<Listed>(["keys", "list"]);
  const { id = "" } = apiKeys.find(({ name }) => name === "ci") ?? {};
  expect((await stage.weir(["keys", "revoke", id])).out).toMatch(/The user key ci is revoked/);
  const refused = await stage.weir(["keys", "list"], { env });
  expect(refused).toMatchObject({
    code: 3,
    out: "",
    err: expect.stringMatching(/revoked.*came from WEIR_API_URL and WEIR_API_KEY_FILE/is),
  });
  for (const text of [listed.out, JSON.stringify(apiKeys), refused.err]) expect(text).not.toContain(created.out.trim());
  const after = await stage.weir(["keys", "list"]);
  expect(after.out).toMatch(/ci .*revoked \d/);
});

interface Made {
  readonly key: string;
  readonly apiKey: { readonly id: string };
}

test("a key may hold a role or a list, be of a service account, and work from one place alone", async () => {
  const flags = ["--role", "viewer", "--from", "10.0.0.0/8", "--service-account", "scheduler"];
  const { key, apiKey } = await stage.json<Made>(["keys", "create", "nightly", ...flags]);
  await stage.weir([
    "keys",
    "create",
    "second",
    "--permission",
    "run:read",
    "--permission",
    "run:start",
    ...flags.slice(2),
  ]);
  const { apiKeys } = await stage.json<{ apiKeys: readonly { readonly id: string; readonly name: string }[] }>([
    "keys",
    "list",
  ]);
  expect(apiKeys.find(({ id }) => id === apiKey.id)).toMatchObject({
    role: "viewer",
    allowedAddresses: ["10.0.0.0/8"],
    serviceAccount: { name: "scheduler" },
  });
  expect(apiKeys.find(({ name }) => name === "second")).toMatchObject({
    role: null,
    permissions: ["run:read", "run:start"],
    serviceAccount: { name: "scheduler" },
  });
  const { code, err } = await stage.weir(["runs", "list"], { env: { WEIR_API_KEY: key } });
  expect([code, err]).toEqual([3, expect.stringMatching(/may not be used from 127\.0\.0\.1/)]);
  const unknown = await stage.weir(["keys", "create", "odd", "--role", "nobody"]);
  expect(unknown).toMatchObject({ code: 4, out: "", err: expect.stringMatching(/no role "nobody"/) });
});

test("who may start runs and not read parameters starts one, and is shown the rest of it", async () => {
  const { key } = await stage.json<Made>(["keys", "create", "on duty", "--role", "operator"]);
  const env = { WEIR_API_KEY: key };
  expect((await stage.weir(["register", "sum.flow.ts"])).code).toBe(0);
  const { flowRun } = await stage.json<{ flowRun: { id: string } }>(["run", "sum", "-p", "upTo=4711", "--no-watch"], {
    env,
  });
  const { code, out, err } = await stage.weir(["runs", "show", flowRun.id], { env });
  expect([code, out, err]).toEqual([0, expect.stringMatching(/parameters +not shown: this needs parameter:read/), ""]);
  expect(out).not.toContain("4711");
  expect((await stage.weir(["runs", "show", flowRun.id])).out).toContain("4711");
});

test("a rotated key and its successor both work for a while, and it is not rotated twice", async () => {
  const { key, apiKey } = await stage.json<Made>(["keys", "create", "turning", "--role", "viewer"]);
  const rotated = await stage.weir(["keys", "rotate", apiKey.id, "--overlap-minutes", "30"]);
  expect(rotated).toMatchObject({
    code: 0,
    err: expect.stringMatching(/The old key ends in 30 minutes.*shown this once/s),
  });
  const works = async (one: string) => (await stage.weir(["runs", "list"], { env: { WEIR_API_KEY: one } })).code;
  expect([await works(key), await works(rotated.out.trim())]).toEqual([0, 0]);
  const again = await stage.weir(["keys", "rotate", apiKey.id]);
  expect([again.code, again.err]).toEqual([6, expect.stringMatching(/replaced already/)]);
});

test("an agent key does not open GraphQL, a made-up one opens nothing, and neither is repeated", async () => {
  for (const key of [stage.cloud.agentKey, "weir_u_made_up"]) {
    const { code, err } = await stage.weir(["runs", "list"], { env: { WEIR_API_KEY: key } });
    expect(code).toBe(3);
    expect(err).not.toContain(key);
  }
});

test("a key that has expired is told as that", async () => {
  const { key, apiKey } = await stage.json<{ key: string; apiKey: { id: string } }>([
    "keys",
    "create",
    "short",
    "--expires-in-days",
    "1",
  ]);
  await stage.cloud.database.pool.query("update api_keys set expires_at = now() - interval '1 second' where id = $1", [
    apiKey.id,
  ]);
  const { code, err } = await stage.weir(["runs", "list"], { env: { WEIR_API_KEY: key } });
  expect([code, err]).toEqual([3, expect.stringMatching(/expired/)]);
});

test("an agent with a wrong key ends with exit code 3", async () => {
  const env = { WEIR_AGENT_KEY: "weir_a_wrong", WEIR_AGENT_DIRECTORY: join(stage.folder, "wrong agent") };
  const { code, err } = await stage.weir(["agent", "start"], { env });
  expect(code).toBe(3);
  expect(err).toMatch(/The agent ends here; give it a key of scope agent/);
  expect(err).not.toContain("weir_a_wrong");
});
