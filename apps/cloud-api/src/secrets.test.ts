import { expect, test } from "vitest";
import { createSecrets } from "./secrets.ts";

test("one secret gives the same pepper and key each time, another gives others", () => {
  const [one, again, other] = [7, 7, 8].map((byte) => createSecrets(Buffer.alloc(32, byte).toString("base64url")));
  expect(one?.keyPepper).toEqual(again?.keyPepper);
  expect(one?.tokenPublicKey.equals(again?.tokenPublicKey as never)).toBe(true);
  expect(one?.keyPepper).not.toEqual(other?.keyPepper);
  expect(one?.tokenPublicKey.equals(other?.tokenPublicKey as never)).toBe(false);
});

test("a secret that is short or no base64url is refused without being repeated", () => {
  for (const secret of ["short", "x".repeat(42), "!".repeat(60)]) {
    expect(() => createSecrets(secret)).toThrow(/must be base64url of at least 32 bytes/);
    expect(() => createSecrets(secret)).not.toThrow(secret);
  }
});
