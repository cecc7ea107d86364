import { expect, test } from "vitest";
import { hashKey, keyLookup, keyProblem, makeKey } from "./key-format.ts";

test("keys of both scopes are well formed, and no two are alike", () => {
  const keys = Array.from({ length: 1000 }, (_, i) => makeKey(i % 2 === 0 ? "user" : "agent"));
  expect(new Set(keys).size).toBe(1000);
  for (const key of keys) expect(key).toMatch(/^weir_[ua]_[0-9A-Za-z]{36}$/);
  expect(keys.map(keyProblem)).toEqual(Array(1000).fill(null));
});

test("every single wrong character is noticed", () => {
  const key = makeKey("agent");
  for (let i = "weir_a_".length; i < key.length; i += 1) {
    const other = key[i] === "x" ? "y" : "x";
    expect(keyProblem(key.slice(0, i) + other + key.slice(i + 1))).toContain("mistyped");
  }
  expect(keyProblem(key.slice(0, -1))).toContain("is no Weir key");
  expect(keyProblem(key.replace("weir_a_", "weir_x_"))).toContain("is no Weir key");
});

test("every character of the alphabet is as likely as the others", () => {
  const counts = new Map<string, number>();
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const text = makeKey("user", () => bytes).slice(7, 37) + makeKey("user", () => bytes.toReversed()).slice(7, 37);
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(Math.max(...counts.values())).toBe(1);
});

test("the hash depends on the pepper, the look-up does not", () => {
  const key = makeKey("user");
  expect(hashKey(key, new Uint8Array(32))).not.toEqual(hashKey(key, new Uint8Array(32).fill(1)));
  expect(keyLookup(key)).toBe(key.slice(7, 15));
});
