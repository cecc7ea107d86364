import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { CURVES, generateSealKey, publicHalf, readPrivateJwk, readPublicJwk, thumbprintOf } from "./keys.ts";
import { isProtected, openProtectedKeys, protectKeys, readPrivateKeys } from "./protected-keys.ts";
import { SealError } from "./seal-error.ts";

async function failureOf(work: Promise<unknown>): Promise<SealError> {
  const error = await work.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SealError);
  return error as SealError;
}

test.for(CURVES)("a %s key pair reads as itself, and its public half holds nothing private", async (curve) => {
  const key = await generateSealKey(curve);
  expect(await readPrivateJwk(JSON.parse(JSON.stringify(key)))).toEqual(key);
  const half = publicHalf(key);
  expect(await readPublicJwk(half)).toEqual(half);
  expect(JSON.stringify(half)).not.toContain(key.d);
});

test("a bare public key gets its id, its use and its algorithm", async () => {
  const { kty, crv, x, kid } = await generateSealKey();
  expect(await readPublicJwk({ kty, crv, x })).toEqual({ kty, crv, x, kid, use: "enc", alg: "ECDH-ES+A256KW" });
});

test("the thumbprint is that of RFC 7638, whatever else the key says", async () => {
  const key = await generateSealKey("P-256");
  const members = `{"crv":"P-256","kty":"EC","x":"${key.x}","y":"${"y" in key ? key.y : ""}"}`;
  const digest = createHash("sha256").update(members).digest("base64url");
  expect(await thumbprintOf({ ...key, note: 1 })).toBe(digest);
  expect(key.kid).toBe(digest);
});

test("what cannot be a public key is told with the reason, and where it stands", async () => {
  const key = publicHalf(await generateSealKey());
  const point = publicHalf(await generateSealKey("P-256"));
  const flipped = `${key.x.startsWith("A") ? "B" : "A"}${key.x.slice(1)}`;
  const wrong: [unknown, RegExp][] = [
    ["text", /is no JSON Web Key/],
    [{ ...key, crv: "Ed25519" }, /of the kind "OKP", "Ed25519"; sealing takes X25519/],
    [{ kty: "RSA" }, /of the kind "RSA", null/],
    [{ ...key, x: "short" }, /"x" that is not 32 bytes/],
    [{ ...key, use: "sig" }, /is for "sig", not for sealing/],
    [{ ...key, alg: "ECDH-ES" }, /algorithm "ECDH-ES"; sealing uses ECDH-ES\+A256KW/],
    [{ ...key, x: flipped }, /its thumbprint is [\w-]{43}/],
    [{ ...point, kid: undefined, y: point.x }, /no point on the curve P-256/],
    [{ ...key, d: key.x }, /holds the private half too/],
  ];
  for (const [value, sentence] of wrong) {
    const { code, message } = await failureOf(readPublicJwk(value, "recipients[0]"));
    expect([code, message]).toEqual(["KEY_INVALID", expect.stringMatching(sentence)]);
    expect(message).toMatch(/^recipients\[0\] /);
  }
});

test("halves of two key pairs are found, and no sentence repeats a private half", async () => {
  for (const curve of CURVES) {
    const [key, other] = [await generateSealKey(curve), await generateSealKey(curve)];
    const { message } = await failureOf(readPrivateJwk({ ...key, d: other.d }));
    expect(message).not.toContain(other.d);
    expect((await failureOf(readPrivateJwk(publicHalf(key)))).message).toMatch(/is a public key/);
    expect((await failureOf(readPrivateJwk({ ...key, d: "nonsense" }))).message).not.toContain("nonsense");
  }
});

test("a file may hold one key, or several with the newest first", async () => {
  const [old, young] = [await generateSealKey(), await generateSealKey("P-256")];
  expect(await readPrivateKeys(old)).toEqual([old]);
  expect(await readPrivateKeys({ keys: [young, old] })).toEqual([young, old]);
  expect((await failureOf(readPrivateKeys({ keys: [] }, "a.jwk"))).message).toMatch(/^a\.jwk has "keys"/);
  expect((await failureOf(readPrivateKeys({ keys: [young, 1] }, "a.jwk"))).message).toMatch(
    /^keys\[1\] in a\.jwk is no/,
  );
});

test("keys behind a passphrase open with it, however its accents are written", async () => {
  const key = await generateSealKey();
  const file = JSON.parse(JSON.stringify(await protectKeys([key], "caf\u00e9 over the river"))) as object;
  expect(isProtected(file)).toBe(true);
  expect(isProtected(key)).toBe(false);
  expect(JSON.stringify(file)).not.toContain(key.d);
  if (!isProtected(file)) return;
  expect(await openProtectedKeys(file, "cafe\u0301 over the river")).toEqual([key]);
  const error = await failureOf(openProtectedKeys(file, "cafe over the river", "my.jwk"));
  expect([error.code, error.message]).toEqual([
    "PASSPHRASE_WRONG",
    "The passphrase does not open my.jwk, or the file was changed.",
  ]);
});

test("a short passphrase is refused, and so is a file that would take for ever or that nothing protects", async () => {
  const key = await generateSealKey();
  expect((await failureOf(protectKeys([key], "elevenchars"))).message).toMatch(/has 11 characters; take 12 at least/);
  const head = (fields: object) => Buffer.from(JSON.stringify(fields)).toString("base64url");
  const rest = { encrypted_key: "", iv: "", ciphertext: "", tag: "" };
  const heads = [
    { alg: "PBES2-HS512+A256KW", enc: "A256GCM", p2c: 50_000_000, p2s: "AAAA" },
    { alg: "PBES2-HS512+A256KW", enc: "A256GCM" },
    { alg: "PBES2-HS256+A128KW", enc: "A256GCM", p2c: 600_000, p2s: "AAAA" },
    { alg: "dir", enc: "A256GCM" },
  ];
  for (const fields of heads)
    expect((await failureOf(openProtectedKeys({ ...rest, protected: head(fields) }, "x".repeat(32)))).code).toBe(
      "KEY_INVALID",
    );
});
