import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { localStore } from "../local/local-store.ts";
import { memoryStore } from "../memory-store.ts";
import type { Store } from "../store.ts";
import { describeStore } from "../testing/describe-store.ts";
import { emptyDirectory, localDamage } from "../testing/local-place.ts";
import { ownStore } from "../testing/own-store.ts";
import { WHERE } from "../testing/stage.ts";
import { encrypted } from "./encrypted.ts";
import { pseudonymous } from "./pseudonymous.ts";

const KEY = Buffer.alloc(32, 1);
const TARGET = { ...WHERE, template: "target.json" };

/** What is JSON lies there as it is: a change that keeps the size is not found out. */
describeStore("pseudonymous(local)", async () => {
  const directory = await emptyDirectory();
  const { vanish, truncate } = localDamage(directory);
  return { open: () => pseudonymous(localStore({ directory }), KEY), isShared: true, vanish, truncate };
});

describeStore("pseudonymous, with a dictionary, over a store of the user's own", async () => {
  const dictionary = await emptyDirectory();
  const kept = new Map<string, unknown>();
  return { open: () => pseudonymous(ownStore(kept), KEY, { dictionary }), isShared: true };
});

describeStore("pseudonymous(encrypted(local))", async () => {
  const directory = await emptyDirectory();
  const open = () => pseudonymous(encrypted(localStore({ directory }), KEY), KEY);
  return { open, isShared: true, ...localDamage(directory) };
});

describeStore("encrypted(pseudonymous(memory))", async () => {
  const store = encrypted(pseudonymous(memoryStore(), KEY), KEY);
  return { open: () => store, isShared: false };
});

test("a location tells nothing, and is the same for the same place and key only", async () => {
  const directory = await emptyDirectory();
  const { location } = await pseudonymous(localStore({ directory }), KEY).write(1, WHERE);
  expect(location).toMatch(/^pseudonym:[A-Za-z0-9_-]{43}$/);
  expect((await pseudonymous(localStore({ directory }), KEY).write(1, WHERE)).location).toBe(location);
  expect((await pseudonymous(localStore({ directory }), Buffer.alloc(32, 2)).write(1, WHERE)).location).not.toBe(
    location,
  );
});

test("another machine with the same store and key reads on, without anything of the first one", async () => {
  const directory = await emptyDirectory();
  const write = (i: number) => pseudonymous(localStore({ directory }), KEY).write(i, { ...WHERE, taskRunNumber: i });
  const written = await Promise.all([1, 2, 3].map(write));
  const other = pseudonymous(localStore({ directory }), KEY);
  expect(await Promise.all(written.map(({ location }) => other.read(location)))).toEqual([1, 2, 3]);
});

test("with a dictionary of its own, the store holds no names, and who lacks the dictionary finds nothing", async () => {
  const [directory, dictionary] = [await emptyDirectory(), await emptyDirectory()];
  const { location } = await pseudonymous(localStore({ directory }), KEY, { dictionary }).write(1, WHERE);
  expect(await readdir(directory)).toEqual(["nightly"]);
  expect(await pseudonymous(localStore({ directory }), KEY, { dictionary }).read(location)).toBe(1);
  await rm(join(dictionary, "pseudonyms"), { recursive: true });
  const reading = pseudonymous(localStore({ directory }), KEY, { dictionary }).read(location);
  await expect(reading).rejects.toThrow(`The location ${location} is unknown here: the dictionary`);
});

test("a target that something else has put there is found, and read on another machine", async () => {
  const directory = await emptyDirectory();
  await localStore({ directory }).write("theirs", TARGET);
  const store = pseudonymous(localStore({ directory }), KEY);
  const location = store.locate?.(TARGET) ?? "";
  expect(await store.exists(location)).toBe(true);
  expect(await pseudonymous(localStore({ directory }), KEY).read(location)).toBe("theirs");
});

test("looking for a target that is not there writes nothing down", async () => {
  const directory = await emptyDirectory();
  const store = pseudonymous(localStore({ directory }), KEY);
  expect(await store.exists(store.locate?.(TARGET) ?? "")).toBe(false);
  expect(await readdir(directory)).toEqual([]);
});

test("errors do not name the true place, and the user's side is told it", async () => {
  const directory = await emptyDirectory();
  const told: unknown[] = [];
  const store = pseudonymous(localStore({ directory }), KEY, { onError: (error) => told.push(error) });
  const { location } = await store.write(1, WHERE);
  await localDamage(directory).truncate();
  const reading = store.read(location);
  await expect(reading).rejects.toThrow(`Could not read the result ${location}: it is not what was written`);
  await expect(reading).rejects.not.toThrow("nightly");
  await expect(reading).rejects.not.toHaveProperty("cause");
  await store.write("first", TARGET);
  await expect(store.write("second", TARGET)).rejects.not.toThrow(directory);
  expect(told.map(String)).toEqual([expect.stringContaining("nightly"), expect.stringContaining("target.json")]);
});

test("an entry that was tampered with leads nowhere", async () => {
  const directory = await emptyDirectory();
  const one = await pseudonymous(localStore({ directory }), KEY).write("one", WHERE);
  const name = one.location.slice("pseudonym:".length);
  const template = `pseudonyms/${name.slice(0, 2)}/${name}.json`;
  await localDamage(directory).vanish();
  const plain = localStore({ directory });
  const two = await plain.write("two", WHERE);
  await plain.write(two.location.replace("#5", "#6"), { ...WHERE, template });
  const store: Store = pseudonymous(localStore({ directory }), KEY);
  await expect(store.read(one.location)).rejects.toThrow("is unknown here");
});

test("a passphrase gives the same pseudonyms everywhere", async () => {
  const store = memoryStore();
  const { location } = await pseudonymous(store, "correct horse battery").write(1, WHERE);
  expect(await pseudonymous(store, "correct horse battery").read(location)).toBe(1);
});

test("a store that cannot keep the names is refused at once, with the way out", () => {
  const store: Store = { ...memoryStore() };
  delete store.locate;
  expect(() => pseudonymous(store, KEY)).toThrow("say with `dictionary` in which directory they are kept");
  expect(() => pseudonymous(memoryStore(), "short")).toThrow("at least 12 are needed");
});
