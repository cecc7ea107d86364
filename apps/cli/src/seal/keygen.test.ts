import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Keyring, type PrivateJwk, publicHalf, readPublicJwk, sealFor } from "@weir/protocol/seal";
import { expect, onTestFinished, test } from "vitest";
import { fakeIo } from "../testing/fake-io.ts";
import { ownKeys } from "./key-files.ts";
import { keygen } from "./keygen.ts";
import { recipients } from "./recipients.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "weir seal "));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const readJson = async (file: string) => JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
const make = { curve: "x25519", name: "ada" } as const;

test("a key pair is written for its owner alone, its public half beside it, and nothing private is printed", async () => {
  const io = fakeIo({ cwd: await folder() });
  expect(await keygen(io, [], { ...make, out: "ada.json" })).toBe(0);
  const file = join(io.cwd, "ada.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const key = (await readJson(file)) as unknown as PrivateJwk;
  expect(await readPublicJwk(await readJson(join(io.cwd, "ada.pub.json")))).toEqual(publicHalf(key));
  expect(io.written()).toContain(`- name: "ada"\n      jwk: { kty: OKP, crv: X25519, x: "${key.x}" }`);
  expect(io.written()).toContain(key.kid);
  expect(io.written()).not.toContain(key.d);
  expect(await ownKeys({ cwd: io.cwd, env: { WEIR_SEAL_KEY_FILE: "ada.json" } })).toEqual([key]);
});

test("a key that is there is never overwritten, and neither is a public half", async () => {
  const io = fakeIo({ cwd: await folder() });
  await keygen(io, [], { ...make, out: "ada.json" });
  const before = await readFile(join(io.cwd, "ada.json"), "utf8");
  await expect(keygen(io, [], { ...make, out: "ada.json" })).rejects.toThrow(
    /ada\.json is there already, and is never/,
  );
  expect(await readFile(join(io.cwd, "ada.json"), "utf8")).toBe(before);
  await rm(join(io.cwd, "ada.json"));
  await expect(keygen(io, [], { ...make, out: "ada.json" })).rejects.toThrow(/ada\.pub\.json is there already/);
  await expect(stat(join(io.cwd, "ada.json"))).rejects.toThrow(/ENOENT/);
});

test("a key behind a passphrase opens with the file that holds it, and says so without", async () => {
  const io = fakeIo({ cwd: await folder() });
  await writeFile(join(io.cwd, "phrase"), "over the river and far\n", { mode: 0o600 });
  await keygen(io, [], { curve: "p-256", name: "ada", out: "ada.json", passphraseFile: "phrase" });
  expect(await readFile(join(io.cwd, "ada.json"), "utf8")).not.toContain('"d"');
  const env = { WEIR_SEAL_KEY_FILE: "ada.json", WEIR_SEAL_PASSPHRASE_FILE: "phrase" };
  const [key] = await ownKeys({ cwd: io.cwd, env });
  expect(key?.crv).toBe("P-256");
  const without = ownKeys({ cwd: io.cwd, env: { WEIR_SEAL_KEY_FILE: "ada.json" } });
  await expect(without).rejects.toThrow(/protected by a passphrase\. Put it into a file/);
  await writeFile(join(io.cwd, "phrase"), "over the river and near");
  await expect(ownKeys({ cwd: io.cwd, env })).rejects.toThrow(/passphrase does not open/);
  await chmod(join(io.cwd, "phrase"), 0o644);
  await expect(ownKeys({ cwd: io.cwd, env })).rejects.toThrow(/WEIR_SEAL_PASSPHRASE_FILE .* others than its owner/);
});

test("a passphrase for the inside key is refused, since agents cannot be asked", async () => {
  const io = fakeIo({ cwd: await folder() });
  const given = { ...make, inside: true, passphraseFile: "phrase" };
  await expect(keygen(io, [], given)).rejects.toThrow(/nobody can ask them for a passphrase/);
});

test("rotation puts the new key before the old ones, and both open what was sealed for them", async () => {
  const io = fakeIo({ cwd: await folder() });
  await keygen(io, [], { ...make, inside: true, out: "inside.json" });
  await keygen(io, [], { ...make, inside: true, out: "inside-2.json", withOld: "inside.json" });
  await keygen(io, [], { ...make, inside: true, out: "inside-3.json", withOld: "inside-2.json" });
  const [old] = await ownKeys({ cwd: io.cwd, env: { WEIR_AGENT_SEAL_KEY_FILE: "inside.json" } });
  const keys = await ownKeys({ cwd: io.cwd, env: { WEIR_AGENT_SEAL_KEY_FILE: "inside-3.json" } });
  expect(keys).toHaveLength(3);
  expect(keys[2]).toEqual(old);
  expect(await readJson(join(io.cwd, "inside-3.pub.json"))).toMatchObject({ kid: keys[0]?.kid });
  const sealed = await Promise.all(keys.map((key) => sealFor([publicHalf(key)], new Uint8Array([7]))));
  for (const jwe of sealed) expect([...(await new Keyring(keys).openGeneral(jwe))]).toEqual([7]);
});

test("a file that is no key is told without a word of what it holds", async () => {
  const io = fakeIo({ cwd: await folder() });
  await writeFile(join(io.cwd, "ada.json"), "canary{", { mode: 0o600 });
  const error = await ownKeys({ cwd: io.cwd, env: { WEIR_SEAL_KEY_FILE: "ada.json" } }).catch(String);
  expect(error).toMatch(/WEIR_SEAL_KEY_FILE names .*ada\.json, which is no JSON/);
  expect(error).not.toContain("canary");
});

test("who can open what is sealed is told by name, and which key is yours", async () => {
  const io = fakeIo({ cwd: await folder() });
  await keygen(io, [], { ...make, out: "ada.json" });
  await keygen(io, [], { ...make, inside: true, out: "inside.json" });
  const policy = `version: 1
classes: { log: seal, exception: seal }
seal: { recipients: [{ name: ada, file: ada.pub.json }] }
`;
  await writeFile(join(io.cwd, "weir.boundary.yaml"), policy);
  const mine = fakeIo({
    cwd: io.cwd,
    env: { WEIR_SEAL_KEY_FILE: "ada.json", WEIR_AGENT_SEAL_KEY_FILE: "inside.json" },
  });
  expect(await recipients(mine, [], {})).toBe(0);
  const ada = String((await readJson(join(io.cwd, "ada.json"))).kid);
  const inside = String((await readJson(join(io.cwd, "inside.json"))).kid);
  expect(mine.written()).toMatch(/: log, exception\n/);
  expect(mine.written()).toMatch(new RegExp(`ada +${ada} +X25519 +yours`));
  expect(mine.written()).toMatch(new RegExp(`inside \\(all agents\\) +${inside} +X25519 +yours`));
  const nobody = fakeIo({ cwd: io.cwd });
  await recipients(nobody, [], {});
  expect(nobody.written()).toContain("No inside key is known here, so nothing can be sealed");
  expect(nobody.written()).toContain("No key of yours is at hand");
});
