import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

// The key-value store, by hand: command line, gate and cloud, all real.

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(false);
});
afterAll(() => stage.end());

async function held(key: string): Promise<string> {
  const { rows } = await stage.cloud.database.pool.query<{ value: string }>(
    `select value::text from kv_entries where key = $1`,
    [key],
  );
  return rows[0]?.value ?? "nothing";
}

test("a value is written, read, listed and deleted", async () => {
  expect((await stage.weir(["kv", "list"])).out).toBe("There is no key. Write one: weir kv set KEY VALUE\n");
  expect((await stage.weir(["kv", "set", "orders/cursor", "1742"])).out).toBe("orders/cursor is written, version 1.\n");
  await stage.weir(["kv", "set", "day", "2026-01-31"]);
  expect((await stage.weir(["kv", "get", "orders/cursor"])).out).toBe("1742\n");
  expect(await stage.json(["kv", "get", "day"])).toMatchObject({ entry: { value: "2026-01-31", version: 1 } });
  expect((await stage.weir(["kv", "list", "--prefix", "orders/"])).out).toMatch(/orders\/cursor +1 +.*1742\n$/);
  expect((await stage.weir(["kv", "delete", "orders/cursor"])).code).toBe(0);
  expect(await stage.weir(["kv", "get", "orders/cursor"])).toMatchObject({ code: 4 });
});

test("a write of somebody else in between is not lost", async () => {
  await stage.weir(["kv", "set", "shared", "1"]);
  expect((await stage.weir(["kv", "set", "shared", "2", "--expected-version", "1"])).code).toBe(0);
  expect(await stage.weir(["kv", "set", "shared", "3", "--expected-version", "1"])).toMatchObject({
    code: 6,
    err: expect.stringContaining("has version 2, and version 1 was expected"),
  });
  expect(await stage.weir(["kv", "delete", "shared", "--expected-version", "1"])).toMatchObject({ code: 6 });
});

test("a value comes from a file where it is large, and not beyond the limit", async () => {
  const file = join(stage.folder, "value.json");
  await writeFile(file, JSON.stringify({ rows: ["x".repeat(60_000)] }));
  expect((await stage.weir(["kv", "set", "large", "--file", file])).code).toBe(0);
  await writeFile(file, JSON.stringify("x".repeat(66_000)));
  expect(await stage.weir(["kv", "set", "large", "--file", file])).toMatchObject({
    code: 2,
    err: expect.stringContaining("66002 bytes"),
  });
  for (const args of [[], ["1", "--file", file]])
    expect((await stage.weir(["kv", "set", "both", ...args])).code).toBe(2);
});

test("what the policy seals is sealed, and opens with the reader's key alone", async () => {
  const policy = join(stage.folder, "seal.yaml");
  await writeFile(
    policy,
    "version: 1\nclasses: { parameter: seal }\nseal: { recipients: [{ name: ada, file: ada.pub.json }] }\n",
  );
  await stage.weir(["seal", "keygen", "--name", "ada", "--out", "ada.json"]);
  await stage.weir(["seal", "keygen", "--inside", "--out", "inside.json"]);
  const env = { WEIR_BOUNDARY_FILE: policy, WEIR_TRUST_FILE: join(stage.folder, "weir.trust.json") };
  expect((await stage.weir(["trust", "export", "--inside", "inside.pub.json"], { env })).code).toBe(0);
  expect((await stage.weir(["kv", "set", "sealed", '{"a":"canary"}'], { env })).code).toBe(0);
  expect(await held("sealed")).toContain("$sealed");
  expect(await held("sealed")).not.toContain("canary");
  const closed = await stage.weir(["kv", "get", "sealed"]);
  expect(closed).toMatchObject({ code: 0, out: '"[sealed]"\n', err: expect.stringContaining("Sealed for") });
  const ada = { WEIR_SEAL_KEY_FILE: join(stage.folder, "ada.json") };
  expect((await stage.weir(["kv", "get", "sealed"], { env: ada })).out).toBe('{\n  "a": "canary"\n}\n');
  expect((await stage.weir(["kv", "list"], { env: ada })).out).toContain("canary");
});

test("what the policy drops is refused with a sentence, and nothing is written", async () => {
  const policy = join(stage.folder, "drop.yaml");
  await writeFile(policy, "version: 1\nclasses: { parameter: drop }\n");
  const env = { WEIR_BOUNDARY_FILE: policy };
  expect(await stage.weir(["kv", "set", "dropped", "canary"], { env })).toMatchObject({
    code: 2,
    err: expect.stringContaining('the key "dropped" was not written'),
  });
  expect(await held("dropped")).toBe("nothing");
});
