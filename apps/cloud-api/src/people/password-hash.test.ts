import { argon2Sync } from "node:crypto";
import { expect, test } from "vitest";
import { checkedPassword, hashPassword, isPassword } from "./password-hash.ts";

const pepper = new Uint8Array(32).fill(1);

test("the right password is right, however its accents were typed, and no other; no two hashes are alike", async () => {
  const hash = await hashPassword("caf\u00e9 au lait", pepper);
  expect(await isPassword("cafe\u0301 au lait", pepper, hash)).toBe(true);
  expect(await isPassword("cafe au lait", pepper, hash)).toBe(false);
  expect(await isPassword("caf\u00e9 au lait", new Uint8Array(32), hash)).toBe(false);
  expect(await hashPassword("caf\u00e9 au lait", pepper)).not.toBe(hash);
});

test("a hash says its own cost: one that was made cheaper, by others, still opens", async () => {
  const nonce = Buffer.alloc(16, 2);
  const made = argon2Sync("argon2id", {
    message: "old password",
    nonce,
    secret: pepper,
    memory: 64,
    passes: 1,
    parallelism: 1,
    tagLength: 16,
  });
  const text = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  const stored = `$argon2id$v=19$m=64,t=1,p=1$${text(nonce)}$${text(made)}`;
  expect(await isPassword("old password", pepper, stored)).toBe(true);
  expect(await isPassword("new password", pepper, stored)).toBe(false);
  await expect(isPassword("x", pepper, "plain text")).rejects.toThrow("is none");
});

test("without a hash the answer is no", async () => {
  expect(await isPassword("", pepper, null)).toBe(false);
});

test.each(["eleven char", "x".repeat(201)])("a password of %j is refused", (password) => {
  expect(() => checkedPassword(password)).toThrow(`The password has ${password.length} characters`);
});
