import { inspect } from "node:util";
import { expect, test, vi, onTestFinished } from "vitest";
import { flow } from "../flow/flow.ts";
import { secret } from "../secret.ts";
import { task } from "../task/task.ts";
import { record, RecordingStore } from "../testing/recorded-run.ts";
import type { SecretSource } from "./source.ts";
import { FakeVault } from "./testing/fake-vault.ts";
import { vaultSecrets } from "./vault-secrets.ts";

const VALUE = "correct horse battery staple";

async function vaultWith(fields: Readonly<Record<string, unknown>>): Promise<{ vault: FakeVault; from: SecretSource }> {
  const vault = await new FakeVault().listen();
  vault.v2.set("secret/team", { data: fields });
  vi.stubEnv("VAULT_TOKEN", vault.token);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { vault, from: vaultSecrets({ address: vault.address, path: "team" }) };
}

test("each task that reads a secret registers it with the gate, also where the read was shared, and the token too", async () => {
  const { vault, from } = await vaultWith({ PASSWORD: VALUE });
  const use = task("use", async (_index: number) => (await secret("PASSWORD", { from })).length);
  const { end, sink } = await record(flow("f", async () => await use.map([0, 1, 2])));
  expect(end).toMatchObject({ value: [VALUE.length, VALUE.length, VALUE.length] });
  expect(sink.secrets.filter((value) => value === VALUE)).toHaveLength(3);
  expect(sink.secrets).toContain(vault.token);
  expect(vault.requests).toHaveLength(1);
});

test("a secret is in no event, and in no location: of tasks that use it, fail, and are written", async () => {
  const { vault, from } = await vaultWith({ PASSWORD: VALUE, nested: { password: VALUE } });
  const store = new RecordingStore();
  const use = task("use", { retries: 1, retryDelay: 0 }, async () => (await secret("PASSWORD", { from })).length);
  const odd = task("odd", async () => await secret("nested", { from }));
  const sealed = task("sealed", async () => await secret("x", { from: vaultSecrets({ address: vault.address }) }));
  const body = async () => {
    await use();
    await odd().catch(() => undefined);
    vault.seal();
    await sealed();
  };
  const { end, events } = await record(flow("f", body), { store });
  expect(end.state).toBe("Failed");
  const all = inspect([events, store.writes, end], { depth: null });
  expect(all).toContain("it is sealed (503)");
  for (const text of [VALUE, vault.token]) expect(all).not.toContain(text);
});

test("an empty value is handed on, but strikes nothing out", async () => {
  const { from } = await vaultWith({ EMPTY: "" });
  const { end, sink } = await record(flow("f", async () => await secret("EMPTY", { from })));
  expect(end).toMatchObject({ value: "" });
  expect(sink.secrets).not.toContain("");
});

test("a secret that was read while the file was loaded is registered by each run that begins later", async () => {
  const { vault, from } = await vaultWith({ EARLY: "read while loading" });
  await secret("EARLY", { from });
  const { sink } = await record(flow("f", () => 1));
  expect(sink.secrets).toEqual(expect.arrayContaining(["read while loading", vault.token]));
});
