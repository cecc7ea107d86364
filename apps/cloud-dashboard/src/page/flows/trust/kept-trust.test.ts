import { generateSealKey, publicHalf } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import { forgetTrust, importTrust, readKeptTrust, setAlwaysSeals } from "./kept-trust.ts";

const NOW = { replace: false, now: new Date("2026-01-01") };

function memory() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

async function trustText(readers: readonly string[] = []) {
  const recipients = await Promise.all(
    readers.map(async (name) => ({ name, jwk: publicHalf(await generateSealKey()) })),
  );
  const trust = { version: 1, inside: publicHalf(await generateSealKey()), recipients, signers: [] };
  return { trust, text: JSON.stringify(trust) };
}

test("a trust file is kept for its tenant alone, and seals all that is typed unless that is taken back", async () => {
  const store = memory();
  const { text, trust } = await trustText(["ada"]);
  expect(await importTrust(store, "a", text, NOW)).toEqual({ kept: true, changes: [] });
  const kept = await readKeptTrust(store, "a");
  expect([kept?.trust.inside.kid, kept?.alwaysSeals]).toEqual([trust.inside.kid, true]);
  expect(await readKeptTrust(store, "b")).toBeNull();
  setAlwaysSeals(store, "a", false);
  expect((await readKeptTrust(store, "a"))?.alwaysSeals).toBe(false);
  // The same keys again: what the person has decided stays.
  expect((await importTrust(store, "a", text, NOW)).kept).toBe(true);
  expect((await readKeptTrust(store, "a"))?.alwaysSeals).toBe(false);
  forgetTrust(store, "a");
  expect(await readKeptTrust(store, "a")).toBeNull();
});

test("other keys change nothing until that is asked for", async () => {
  const store = memory();
  const [first, second] = [await trustText(), await trustText(["eve"])];
  await importTrust(store, "a", first.text, NOW);
  const refused = await importTrust(store, "a", second.text, NOW);
  expect(refused.kept).toBe(false);
  expect(refused.changes.map(({ change, key }) => `${change} ${key.role} ${key.name}`)).toEqual([
    "removed inside inside",
    "added inside inside",
    "added reader eve",
  ]);
  expect((await readKeptTrust(store, "a"))?.trust.inside.kid).toBe(first.trust.inside.kid);
  expect((await importTrust(store, "a", second.text, { ...NOW, replace: true })).kept).toBe(true);
  expect((await readKeptTrust(store, "a"))?.trust.inside.kid).toBe(second.trust.inside.kid);
});

test("what is kept and broken is told, is not written over unasked, and is no leave to send in plain", async () => {
  const store = memory();
  const { text, trust } = await trustText();
  store.kept.set("weir-trust:a", "{");
  await expect(readKeptTrust(store, "a")).rejects.toThrow(/The trust file of this browser has no version/);
  expect((await importTrust(store, "a", text, NOW)).kept).toBe(false);
  store.kept.set("weir-trust:a", JSON.stringify({ trust, alwaysSeals: "no" }));
  expect((await readKeptTrust(store, "a"))?.alwaysSeals).toBe(true);
});

test("what is no trust file is refused with a sentence, and a private half is never kept", async () => {
  const store = memory();
  const inside = await generateSealKey();
  await expect(importTrust(store, "a", "a,b,c", NOW)).rejects.toThrow(/^The file has no version/);
  await expect(importTrust(store, "a", JSON.stringify({ version: 1, inside }), NOW)).rejects.toThrow(/private half/);
  expect(store.kept.size).toBe(0);
});
