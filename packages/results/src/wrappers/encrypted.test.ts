import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { localStore } from "../local/local-store.ts";
import { memoryStore } from "../memory-store.ts";
import { jsonSerializer, v8Serializer, zstd } from "../serializer/serializer.ts";
import type { Store } from "../store.ts";
import { describeStore } from "../testing/describe-store.ts";
import { emptyDirectory, localDamage } from "../testing/local-place.ts";
import { ownStore } from "../testing/own-store.ts";
import { WHERE } from "../testing/stage.ts";
import { encrypted } from "./encrypted.ts";
import { SealError, Sealing } from "./sealing.ts";

const KEY = Buffer.alloc(32, 1);
const OTHER_KEY = Buffer.alloc(32, 2);
const TARGET = { ...WHERE, template: "target.json" };

describeStore("encrypted(local)", async () => {
  const directory = await emptyDirectory();
  return { open: () => encrypted(localStore({ directory }), KEY), isShared: true, ...localDamage(directory) };
});

describeStore("encrypted, over a store of the user's own", async () => {
  const kept = new Map<string, unknown>();
  return { open: () => encrypted(ownStore(kept), KEY), isShared: true };
});

async function everything(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return (await Promise.all(files.map((file) => readFile(file, "latin1")))).join("\n");
}

test("nothing of the value lies in the store, alone or among many in one file", async () => {
  const directory = await emptyDirectory();
  const store = encrypted(localStore({ directory, compress: true }), KEY);
  const writes = Array.from({ length: 5 }, (_, i) => store.write("tulip-mania", { ...WHERE, taskRunNumber: i + 1 }));
  const locations = (await Promise.all(writes)).map(({ location }) => location);
  expect(new Set(locations.map((location) => location.replace(/#.*/, ""))).size).toBe(1);
  expect(await Promise.all(locations.map((location) => store.read(location)))).toEqual(Array(5).fill("tulip-mania"));
  expect(await everything(directory)).not.toContain("tulip");
});

test("the same value twice is stored as something else each time", async () => {
  const one = await encrypted(memoryStore(), KEY).write("same", WHERE);
  const two = await encrypted(memoryStore(), KEY).write("same", WHERE);
  expect(one.sha256).not.toBe(two.sha256);
  expect(one.bytes).toBe(two.bytes);
});

test("with the wrong key, a sentence says so and shows the way", async () => {
  const directory = await emptyDirectory();
  const { location } = await encrypted(localStore({ directory }), KEY).write(1, WHERE);
  const reading = encrypted(localStore({ directory }), OTHER_KEY).read(location);
  await expect(reading).rejects.toMatchObject({ name: "StoreError", code: "RESULT_READ_FAILED" });
  await expect(reading).rejects.toThrow(
    "encrypted with another key than the key of this store. Add the key of that time to `oldKeys`",
  );
});

test("what an old key encrypted is read, and the new key encrypts", async () => {
  const directory = await emptyDirectory();
  const old = await encrypted(localStore({ directory }), "the former passphrase").write("old", WHERE);
  const store = encrypted(localStore({ directory }), { key: KEY, oldKeys: [OTHER_KEY, "the former passphrase"] });
  expect(await store.read(old.location)).toBe("old");
  const { location } = await store.write("new", { ...WHERE, taskRunNumber: 2 });
  expect(await encrypted(localStore({ directory }), KEY).read(location)).toBe("new");
});

test("a passphrase opens in another process what it encrypted in this one", async () => {
  const sealed = await new Sealing(["correct horse battery"]).seal(Buffer.from("value"));
  expect((await new Sealing(["correct horse battery"]).open(sealed)).toString()).toBe("value");
  await expect(new Sealing(["incorrect horse battery"]).open(sealed)).rejects.toBeInstanceOf(SealError);
});

test("a change of any byte is found out", async () => {
  const sealing = new Sealing([KEY]);
  const sealed = await sealing.seal(Buffer.from("value"));
  for (let i = 0; i < sealed.length; i += 1) {
    const changed = Buffer.from(sealed);
    changed[i] = (changed[i] ?? 0) ^ 1;
    await expect(sealing.open(changed), `byte ${i}`).rejects.toBeInstanceOf(SealError);
  }
});

test("a result may be moved: nothing of its place is bound", async () => {
  const sealed = await new Sealing([KEY]).seal(Buffer.from("value"));
  expect((await new Sealing([OTHER_KEY, KEY]).open(sealed)).toString()).toBe("value");
});

test("encrypted results are not taken for values by a store without the key, nor plain ones by one with it", async () => {
  const directory = await emptyDirectory();
  const plain = localStore({ directory });
  const store: Store = encrypted(localStore({ directory }), KEY);
  const { location } = await store.write(1, WHERE);
  await expect(plain.read(location)).rejects.toThrow('written with the serializer "aes-256-gcm"');
  const open = await plain.write(1, { ...WHERE, taskRunNumber: 2 });
  await expect(store.read(open.location)).rejects.toThrow("it is not encrypted, so this store did not write it");
});

test("the same value at a template's place is no conflict, though it is encrypted anew", async () => {
  const directory = await emptyDirectory();
  const { location } = await encrypted(localStore({ directory }), "a passphrase of mine").write({ a: 1 }, TARGET);
  const other = encrypted(localStore({ directory }), "a passphrase of mine");
  expect((await other.write({ a: 1 }, TARGET)).location).toBe(location);
  await expect(other.write({ a: 2 }, TARGET)).rejects.toMatchObject({ code: "LOCATION_INVALID" });
});

test.each([v8Serializer, zstd(jsonSerializer)])("the inner store's serializer is used: %o", async (serializer) => {
  const store = encrypted(memoryStore({ serializer }), KEY);
  expect(await store.read((await store.write({ at: new Date(0) }, WHERE)).location)).toEqual({ at: new Date(0) });
});

test("a key that is too short is refused at once, and not told", () => {
  expect(() => encrypted(memoryStore(), "tulip")).toThrow("The passphrase has 5 characters; at least 12 are needed");
  expect(() => encrypted(memoryStore(), "tulip")).not.toThrow("tulip");
  expect(() => encrypted(memoryStore(), { key: KEY, oldKeys: [Buffer.alloc(16)] })).toThrow(
    "The key has 16 bytes; 32 are needed",
  );
});
