import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type webcrypto,
} from "node:crypto";
import { expect, test } from "vitest";
import { Keyring } from "./keyring.ts";
import { publicHalf, readPrivateJwk, readPublicJwk } from "./keys.ts";
import { sealFor } from "./seal.ts";
import { SealError } from "./seal-error.ts";

// No RFC has a whole JWE of ECDH-ES+A256KW with A256GCM, the only algorithms that are taken. So each step below is written down as its RFC
// tells it and held against that RFC's published numbers; then content that these steps make of the published keys must open with our
// Keyring, and what `sealFor` makes for the published keys must open with these steps.

type JsonWebKey = webcrypto.JsonWebKey;

const hex = (text: string) => Buffer.from(text, "hex");
const url = (text: string) => Buffer.from(text, "base64url");

/** One agreement: whose private key, with which one-time key, gives which secret. */
interface Agreement {
  readonly owner: JsonWebKey;
  readonly once: JsonWebKey;
  readonly secret: Buffer;
}

/** RFC 7518, appendix C: Bob's key, Alice's one-time key, and Z. */
const P_256: Agreement = {
  owner: {
    kty: "EC",
    crv: "P-256",
    x: "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
    y: "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
    d: "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
  },
  once: {
    kty: "EC",
    crv: "P-256",
    x: "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
    y: "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
  },
  secret: hex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4"),
};
/** RFC 8037, appendix A.6: one-time key and Z. Bob's private half stands in RFC 7748, 6.1, from which they are. */
const X25519: Agreement = {
  owner: {
    kty: "OKP",
    crv: "X25519",
    x: "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08",
    d: hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb").toString("base64url"),
  },
  once: { kty: "OKP", crv: "X25519", x: "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo" },
  secret: hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"),
};

const agreed = (own: JsonWebKey, other: JsonWebKey) =>
  diffieHellman({
    privateKey: createPrivateKey({ key: own, format: "jwk" }),
    publicKey: createPublicKey({ key: other, format: "jwk" }),
  });

/** RFC 7518, 4.6.2: one round of the Concat KDF. */
function derivedKey(secret: Buffer, algorithm: string, bits: number, parties: readonly [string, string] = ["", ""]) {
  const number = (value: number) => Buffer.from([0, 0, value >> 8, value & 255]);
  const counted = (text: string) => Buffer.concat([number(text.length), Buffer.from(text)]);
  const info = [counted(algorithm), ...parties.map(counted), number(bits)];
  const round = createHash("sha256").update(Buffer.concat([number(1), secret, ...info]));
  return round.digest().subarray(0, bits / 8);
}

/** RFC 3394. */
const WRAP = ["id-aes256-wrap", Buffer.alloc(8, 0xa6)] as const;
function wrapped(outer: Buffer, key: Buffer): Buffer {
  const cipher = createCipheriv(WRAP[0], outer, WRAP[1]);
  return Buffer.concat([cipher.update(key), cipher.final()]);
}
function unwrapped(outer: Buffer, key: Buffer): Buffer {
  const decipher = createDecipheriv(WRAP[0], outer, WRAP[1]);
  return Buffer.concat([decipher.update(key), decipher.final()]);
}

/** RFC 7516, 5.1: A256GCM over the header's own characters. */
function encrypted(key: Buffer, iv: string, header: string, text: string) {
  const cipher = createCipheriv("aes-256-gcm", key, url(iv)).setAAD(Buffer.from(header));
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]).toString("base64url");
  return { iv, ciphertext, tag: cipher.getAuthTag().toString("base64url") };
}

const IV = "48V1_ALb6US04U3b";
const CONTENT_KEY = hex("b1a1f480548fe1733fb403ff6b9ad4f68a076e5b702e22692f82cb2e7aea40fc");
const TEXT = "The true sign of intelligence is not knowledge but imagination.";

test("the steps give the numbers that are published", () => {
  for (const { owner, once, secret } of [P_256, X25519]) expect(agreed(owner, once)).toEqual(secret);
  // RFC 7518, appendix C.
  const derived = derivedKey(P_256.secret, "A128GCM", 128, ["Alice", "Bob"]);
  expect(derived.toString("base64url")).toBe("VqqN6vgjbSBcIijNcacQGg");
  // RFC 3394, 4.6.
  const outer = Buffer.from(Array.from({ length: 32 }, (_, at) => at));
  const inner = hex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
  const closed = hex("28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");
  expect(wrapped(outer, inner)).toEqual(closed);
  expect(unwrapped(outer, closed)).toEqual(inner);
  // RFC 7516, appendix A.1: its content, which is A256GCM.
  expect(encrypted(CONTENT_KEY, IV, "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ", TEXT)).toEqual({
    iv: IV,
    ciphertext: "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A",
    tag: "XFBoMYUZodetZdvTiFvSkQ",
  });
});

/** What the published one-time key, secret, content key and content make. */
function published({ once, secret }: Agreement, kid: string, derivedFor = "ECDH-ES+A256KW") {
  const head = { alg: "ECDH-ES+A256KW", enc: "A256GCM", epk: once };
  const header = Buffer.from(JSON.stringify(head)).toString("base64url");
  const outer = derivedKey(secret, derivedFor, 256);
  const entry = { header: { kid }, encrypted_key: wrapped(outer, CONTENT_KEY).toString("base64url") };
  return { protected: header, recipients: [entry], ...encrypted(CONTENT_KEY, IV, header, TEXT) };
}

const both = { "X25519 of RFC 8037": X25519, "P-256 of RFC 7518": P_256 };
const each = Object.entries(both);

test.for(each)("content made with the keys of %s opens with a keyring", async ([, agreement]) => {
  const key = await readPrivateJwk(agreement.owner);
  const opened = await new Keyring([key]).openGeneral(published(agreement, key.kid));
  expect(new TextDecoder().decode(opened)).toBe(TEXT);
  // The derived key is bound to the way of wrapping; one that is derived for the content's algorithm is another key.
  const other = new Keyring([key]).openGeneral(published(agreement, key.kid, "A256GCM"));
  await expect(other).rejects.toThrow(SealError);
});

test.for(each)("what is sealed for the keys of %s opens with the steps of the RFCs", async ([, { owner }]) => {
  const { d: _, ...half } = owner;
  const recipient = await readPublicJwk(half);
  expect(publicHalf(await readPrivateJwk(owner))).toEqual(recipient);
  const jwe = await sealFor([recipient], new TextEncoder().encode(TEXT));
  const { epk, ...head } = JSON.parse(url(jwe.protected ?? "").toString()) as { epk: JsonWebKey };
  const { header, encrypted_key: key = "" } = jwe.recipients[0] ?? {};
  const once = epk ?? (header as { epk: JsonWebKey }).epk;
  expect(head).toEqual({ alg: "ECDH-ES+A256KW", enc: "A256GCM" });
  const contentKey = unwrapped(derivedKey(agreed(owner, once), "ECDH-ES+A256KW", 256), url(key));
  const again = encrypted(contentKey, jwe.iv ?? "", jwe.protected ?? "", TEXT);
  expect(again).toEqual({ iv: jwe.iv, ciphertext: jwe.ciphertext, tag: jwe.tag });
});
