import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { secret } from "../secret.ts";
import { envSecrets } from "./env-secrets.ts";
import { fileSecrets } from "./file-secrets.ts";
import type { SecretSource } from "./source.ts";
import { forgetSecrets, useSecrets } from "./sources.ts";
import { FakeVault } from "./testing/fake-vault.ts";

function directory(files: Readonly<Record<string, string>> = {}): string {
  const made = mkdtempSync(join(tmpdir(), "weir secrets "));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
  return made;
}

function environment(values: Readonly<Record<string, string>>): void {
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
}

const fixed = (kind: string, values: Readonly<Record<string, string>>): SecretSource => ({
  kind,
  read: async (name) => values[name],
});

test("the environment: the variable, or the file that it names", async () => {
  const folder = directory({ password: "from the file\n" });
  const from = envSecrets({ PLAIN: "from the variable", HELD_FILE: join(folder, "password") });
  expect(await secret("PLAIN", { from })).toBe("from the variable");
  expect(await secret("HELD", { from })).toBe("from the file");
  const lost = envSecrets({ LOST_FILE: join(folder, "absent") });
  await expect(secret("LOST", { from: lost })).rejects.toThrow(`LOST_FILE names ${join(folder, "absent")}`);
});

test("a directory with a file for each, as Kubernetes mounts it, and nothing outside of it", async () => {
  const folder = directory();
  mkdirSync(join(folder, "..2026_11_21"));
  writeFileSync(join(folder, "..2026_11_21", "PASSWORD"), "mounted\n");
  symlinkSync("..2026_11_21", join(folder, "..data"));
  symlinkSync("..data/PASSWORD", join(folder, "PASSWORD"));
  symlinkSync(join(directory({ other: "somebody else's" }), "other"), join(folder, "OUTSIDE"));
  const from = fileSecrets({ directory: folder });
  expect(await secret("PASSWORD", { from })).toBe("mounted");
  await expect(secret("OUTSIDE", { from })).rejects.toThrow("a link that leads out of");
  for (const name of ["../x", "a/b", "..data", ".hidden", "nul\0l"]) expect(await from.read(name)).toBeUndefined();
  await expect(secret("ABSENT", { from })).rejects.toThrow(`set the file ${join(folder, "ABSENT")}`);
  await expect(secret("a/b", { from })).rejects.toThrow("can hold no file of that name");
});

test("what is no file of a sensible size is told: a directory, a pipe, a gigabyte", async () => {
  const folder = directory({ BIG: "x".repeat(1024 * 1024 + 1) });
  mkdirSync(join(folder, "FOLDER"));
  execFileSync("mkfifo", [join(folder, "PIPE")]);
  const from = fileSecrets({ directory: folder });
  await expect(secret("FOLDER", { from })).rejects.toThrow("that is no file");
  await expect(secret("PIPE", { from })).rejects.toThrow("that is no file");
  await expect(secret("BIG", { from })).rejects.toThrow("it has 1048577 bytes");
});

test("the first source that has it answers; one that fails is not passed over", async () => {
  onTestFinished(() => forgetSecrets());
  useSecrets([fixed("first", { A: "1" }), fixed("second", { A: "2", B: "3" })]);
  expect([await secret("A"), await secret("B")]).toEqual(["1", "3"]);
  await expect(secret("C")).rejects.toThrow("the source of kind first; or the source of kind second");
  const broken: SecretSource = { kind: "broken", read: () => Promise.reject(new Error("it is sealed")) };
  await expect(secret("A", { from: [broken, fixed("second", { A: "2" })] })).rejects.toThrow("it is sealed");
  useSecrets([]);
  await expect(secret("A")).rejects.toThrow("there is no source to look in");
  await expect(secret("")).rejects.toThrow("name of a secret");
});

test("the environment declares directories and Vault; VAULT_ADDR alone declares nothing", async () => {
  const vault = await new FakeVault().listen();
  vault.v2.set("secret/team", { data: { S_VAULT: "of Vault", S_FILE: "shadowed" } });
  vault.v1.set("old/team", { S_VAULT: "of version 1" });
  environment({ VAULT_ADDR: vault.address, VAULT_TOKEN_FILE: join(directory({ token: vault.token }), "token") });
  await expect(secret("S_VAULT")).rejects.toThrow(/environment variable S_VAULT[^;]*, where the flow runs/);
  environment({ VAULT_KV_PATH: "team", SECRETS_DIRECTORY: directory({ S_FILE: "of the directory" }) });
  expect([await secret("S_FILE"), await secret("S_VAULT")]).toEqual(["of the directory", "of Vault"]);
  expect(await secret("S_VAULT")).toBe("of Vault");
  expect(vault.requests).toHaveLength(1);
  environment({ VAULT_KV_MOUNT: "old", VAULT_KV_VERSION: "1" });
  expect(await secret("S_VAULT")).toBe("of version 1");
  vault.namespace = "eu";
  environment({ VAULT_NAMESPACE: "eu", VAULT_TOKEN_FILE: join(directory({ token: vault.token }), "token") });
  expect(await secret("S_VAULT")).toBe("of version 1");
});
