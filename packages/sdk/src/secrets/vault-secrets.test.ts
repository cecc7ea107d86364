import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { secret } from "../secret.ts";
import { FakeVault } from "./testing/fake-vault.ts";
import { type VaultOptions, vaultSecrets } from "./vault-secrets.ts";

const VALUE = "pa$$ word/42";

async function started(): Promise<FakeVault> {
  const vault = await new FakeVault().listen();
  vi.stubEnv("VAULT_TOKEN", vault.token);
  onTestFinished(() => void vi.unstubAllEnvs());
  vault.v2.set("secret/team/reports", { data: { DB_PASSWORD: VALUE, port: 5432, nested: { a: 1 }, none: null } });
  vault.v2.set("secret/orders/db", { data: { password: "of orders", value: "whole" } });
  vault.v1.set("old/team/reports", { DB_PASSWORD: "of version 1" });
  return vault;
}

async function read(vault: FakeVault, name: string, over: Partial<VaultOptions> = {}): Promise<string> {
  const from = vaultSecrets({ address: vault.address, ...over });
  return await secret(name, { from });
}

/** The sentence; it never holds the token, the value, or what the server wrote. */
async function problem(vault: FakeVault, name: string, over: Partial<VaultOptions> = {}): Promise<string> {
  const error: unknown = await read(vault, name, over).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error("it was read");
  const all = inspect(error, { depth: null, showHidden: true });
  expect(all).not.toContain(vault.token);
  expect(all).not.toContain("hvs.");
  expect(all).not.toContain(VALUE);
  expect(error).toMatchObject({ code: "SECRET_MISSING" });
  return error.message;
}

const base = { path: "team/reports" };

test("version 2: a name is a field of the entry, or an entry and its field, or an entry with the field value", async () => {
  const vault = await started();
  expect(await read(vault, "DB_PASSWORD", base)).toBe(VALUE);
  expect(await read(vault, "port", base)).toBe("5432");
  expect(await read(vault, "reports#DB_PASSWORD", { path: "team" })).toBe(VALUE);
  expect(await read(vault, "orders/db#password")).toBe("of orders");
  expect(await read(vault, "orders/db")).toBe("whole");
  expect(vault.requests[0]).toMatchObject({
    url: "/v1/secret/data/team/reports",
    headers: { "x-vault-token": vault.token, "x-vault-request": "true" },
  });
});

test("version 1 has neither data/ in its paths nor versions in its answers", async () => {
  const vault = await started();
  expect(await read(vault, "DB_PASSWORD", { ...base, mount: "old", version: 1 })).toBe("of version 1");
  expect(vault.requests[0]?.url).toBe("/v1/old/team/reports");
  expect(await problem(vault, "DB_PASSWORD", { ...base, version: 1 })).toContain("Say version: 2");
  vault.always = { status: 200, body: { data: { DB_PASSWORD: VALUE } } };
  expect(await problem(vault, "DB_PASSWORD", base)).toContain("Say version: 1");
  // An entry of version 1 may have a field of the name `data`.
  vault.always = { status: 200, body: { data: { data: { DB_PASSWORD: VALUE } } } };
  expect(await problem(vault, "DB_PASSWORD", base)).toContain("Say version: 1");
});

test("a namespace is sent along", async () => {
  const vault = await started();
  vault.namespace = "eu/team";
  expect(await read(vault, "DB_PASSWORD", { ...base, namespace: "eu/team" })).toBe(VALUE);
  expect(await problem(vault, "DB_PASSWORD", base)).toContain("permission denied (403)");
});

test("the token comes from a variable or a file, read each time, and is never what it should not be", async () => {
  const vault = await started();
  const directory = mkdtempSync(join(tmpdir(), "weir-vault-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "token");
  writeFileSync(file, "stale\n");
  const options = { ...base, token: { file }, maxAge: 0 };
  const source = vaultSecrets({ address: vault.address, ...options });
  await expect(source.read("DB_PASSWORD")).rejects.toThrow("permission denied (403)");
  writeFileSync(file, `${vault.token}\n`);
  expect(await source.read("DB_PASSWORD")).toBe(VALUE);
  writeFileSync(file, `${vault.token}\nx-evil: 1`);
  expect(await problem(vault, "DB_PASSWORD", options)).toContain(`${file} holds is no token`);
  writeFileSync(file, "");
  expect(await problem(vault, "DB_PASSWORD", options)).toContain(`no token for Vault in the file ${file}`);
  expect(await problem(vault, "DB_PASSWORD", { ...base, token: { env: "NO_TOKEN" } })).toContain(
    "the environment variable NO_TOKEN",
  );
});

test.for([
  ["sealed", 503, { errors: ["Vault is sealed"] }, "it is sealed (503)"],
  ["starting", 503, { errors: ["local node not active but active cluster node not found"] }, "no active node"],
  ["not initialized", 501, { errors: [] }, "not initialized (501)"],
  ["over its quota", 429, { errors: ["request path: rate limit quota exceeded"] }, "too many requests (429)"],
  ["behind its primary", 412, { errors: ["required index state not present"] }, "not yet caught up"],
  ["a bad gateway", 502, "<html>Bad Gateway</html>", "answered with status 502"],
  ["broken inside", 500, { errors: ["token hvs.quoted by the server"] }, "answered with status 500"],
  ["another server", 200, "<html>welcome</html>", "not one of Vault's"],
  ["another API", 200, { hello: 1 }, "not one of Vault's"],
  ["endless", 200, `{"data":"${"x".repeat(9_000_000)}"}`, "not one of Vault's"],
] as const)("Vault that is %s is told", async ([, status, body, sentence]) => {
  const vault = await started();
  vault.always = { status, body };
  const told = await problem(vault, "DB_PASSWORD", base);
  expect(told).toContain(`secret/team/reports could not be read from the Vault at ${vault.address}: `);
  expect(told).toContain(sentence);
});

test("an entry, a field or a mount that is not there is told, each in its own words", async () => {
  const vault = await started();
  const absent = "the field DB_PASSWORD of secret/nobody in the Vault at";
  expect(await problem(vault, "DB_PASSWORD", { path: "nobody" })).toContain(absent);
  expect(await problem(vault, "NO_FIELD", base)).toContain("the field NO_FIELD of secret/team/reports");
  expect(await problem(vault, "none", base)).toContain("the field none");
  expect(await problem(vault, "x", { ...base, mount: "kv" })).toContain("no secrets engine is mounted there");
  expect(await problem(vault, "nested", base)).toContain("not a text but an object");
  vault.v2.set("secret/gone", { data: null });
  vault.v2.set("secret/destroyed", { data: null, destroyed: true });
  expect(await problem(vault, "x", { path: "gone" })).toContain("was deleted (404)");
  expect(await problem(vault, "x", { path: "destroyed" })).toContain("was destroyed (404)");
});

test("a redirect is not followed: the token stays where it belongs", async () => {
  const vault = await started();
  const other = await started();
  vault.always = { status: 307, body: "", headers: { location: `${other.address}/v1/secret/data/team/reports` } };
  expect(await problem(vault, "DB_PASSWORD", base)).toContain("it sends elsewhere (307)");
  expect(other.requests).toEqual([]);
});

test("a server that is not there, or never answers, or breaks off, is told", async () => {
  const vault = await started();
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const address = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  closed.close();
  expect(await problem(vault, "DB_PASSWORD", { ...base, address })).toContain("not reachable (ECONNREFUSED)");
  vault.silent = true;
  expect(await problem(vault, "DB_PASSWORD", { ...base, timeout: 50 })).toContain("no answer within 50 ms");
  vault.silent = false;
  vault.breaksOff = true;
  expect(await problem(vault, "DB_PASSWORD", base)).toContain("not reachable");
});

test("reads at the same moment are one request, later ones too for a while, failures never", async () => {
  const vault = await started();
  const source = vaultSecrets({ address: vault.address, ...base, maxAge: "1h" });
  vault.seal();
  await expect(source.read("port")).rejects.toThrow("sealed");
  vault.always = null;
  await Promise.all(Array.from({ length: 100 }, () => source.read("DB_PASSWORD")));
  expect(await source.read("port")).toBe("5432");
  expect(vault.requests).toHaveLength(2);
  const eager = vaultSecrets({ address: vault.address, ...base, maxAge: 0 });
  await Promise.all([eager.read("port"), eager.read("port")]);
  await eager.read("port");
  expect(vault.requests).toHaveLength(4);
});

test("names cannot lead out of the mount", async () => {
  const vault = await started();
  expect(await problem(vault, "../../sys/seal-status#sealed", base)).toContain("no place in Vault");
  expect(await problem(vault, "#password")).toContain("no place in Vault");
  vault.v2.set("secret/a?b", { data: { "c d": "odd" } });
  expect(await read(vault, "a?b#c d")).toBe("odd");
});

test.for([
  [{ address: "vault:8200" }, "must be a URL"],
  [{ address: "https://user:hunter22@vault:8200" }, "must be a URL"],
  [{ address: "https://vault:8200/?x=1" }, "must be a URL"],
  [{ address: "https://vault:8200", mount: "../sys" }, 'The mount "../sys"'],
  [{ address: "https://vault:8200", path: "a/./b" }, 'The path "a/./b"'],
  [{ address: "https://vault:8200", timeout: -1 }, "timeout of vaultSecrets"],
] as const)("options that make no sense are told when the source is made: %j", ([options, sentence]) => {
  expect(() => vaultSecrets(options)).toThrow(sentence);
  expect(() => vaultSecrets(options)).not.toThrow("hunter22");
});
