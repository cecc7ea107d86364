import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ED25519_KEY, folderOfTest, P256_KEY, policyOf, problemsOf, X25519_KEY } from "./testing/policy-of.ts";

type Entry = Readonly<Record<string, unknown>>;
const sealing = (...entries: Entry[]): string =>
  `version: 1\nseal:\n  recipients:\n${entries.map((one) => `    - ${JSON.stringify(one)}\n`).join("")}`;
const signing = (...entries: Entry[]): string =>
  sealing(...entries)
    .replace("seal:", "sign:")
    .replace("recipients", "trustedSigners");

const PRIVATE = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });

test("a private key is refused loudly, wherever it stands, and nothing of it is repeated", async () => {
  const folder = folderOfTest();
  writeFileSync(join(folder, "ada.json"), JSON.stringify(PRIVATE));
  const problems = await problemsOf(sealing({ name: "ada", jwk: PRIVATE }, { name: "bob", file: "ada.json" }), folder);
  expect(problems).toHaveLength(2);
  expect(problems[0]).toMatch(/^4:\d+: seal\.recipients\[0\]\.jwk has the key "d": this is a PRIVATE key/);
  expect(problems[1]).toMatch(/^5:\d+: seal\.recipients\[1\]\.file names .*ada\.json, which holds a PRIVATE key/);
  expect(problems.join()).not.toContain(PRIVATE.d);
});

const OFF_CURVE = { ...P256_KEY, y: P256_KEY.x };

test.each([
  ["for signing in the place of one for sealing", ED25519_KEY, /jwk\.crv is "Ed25519"; it takes X25519 or P-256/],
  ["of an unknown curve", { kty: "EC", crv: "P-384", x: X25519_KEY.x }, /jwk\.crv is "P-384"; it takes/],
  [
    "of another kind than its curve",
    { ...X25519_KEY, kty: "EC" },
    /jwk has "crv": "X25519", and then "kty" must be "OKP"/,
  ],
  ["that is too short", { ...X25519_KEY, x: "AAAA" }, /jwk\.x is not 32 bytes in base64url/],
  ["with a y that it cannot have", { ...X25519_KEY, y: X25519_KEY.x }, /has a "y", which no X25519 key has/],
  ["without its y", { kty: "EC", crv: "P-256", x: P256_KEY.x }, /has no "y"/],
  ["that lies on no curve", OFF_CURVE, /is no P-256 key: its numbers do not lie on the curve/],
])("a key %s is refused", async (_what, jwk, sentence) => {
  const [problem, ...more] = await problemsOf(sealing({ name: "ada", jwk }));
  expect(problem).toMatch(sentence);
  expect(more).toEqual([]);
});

test("a key for sealing is no signer's", async () => {
  const problems = await problemsOf(signing({ name: "ci", jwk: X25519_KEY }));
  expect(problems).toEqual([expect.stringContaining('sign.trustedSigners[0].jwk.crv is "X25519"; it takes Ed25519.')]);
});

test.each([
  ["both", { jwk: X25519_KEY, file: "ada.json" }],
  ["neither", {}],
])("an entry with %s of jwk and file is refused", async (_what, rest) => {
  const problems = await problemsOf(sealing({ name: "ada", ...rest }));
  expect(problems).toEqual([expect.stringContaining('seal.recipients[0] must have either "jwk" or "file"')]);
});

test("a name or a key that stands in the list twice is refused", async () => {
  const names = await problemsOf(sealing({ name: "ada", jwk: X25519_KEY }, { name: "ada", jwk: P256_KEY }));
  expect(names).toEqual([expect.stringContaining('seal.recipients[1].name stands in the list twice: "ada".')]);
  const keys = await problemsOf(sealing({ name: "ada", jwk: X25519_KEY }, { name: "bob", jwk: X25519_KEY }));
  expect(keys).toEqual([expect.stringContaining('has the same key for "ada" and "bob"; list it once.')]);
});

test.each([
  ["is not there", null, "cannot be read (ENOENT)"],
  ["is no JSON", '{"kty":"OKP","d":"hidden', "is no JSON"],
  ["is a list", "[]", "is no JSON object"],
  [
    "holds another curve",
    JSON.stringify(ED25519_KEY),
    'is no key for what is sealed: its curve ("crv") must be X25519 or P-256',
  ],
])("a key file that %s is refused, and not quoted", async (_what, text, sentence) => {
  const folder = folderOfTest();
  if (text !== null) writeFileSync(join(folder, "ada.json"), text);
  const [problem] = await problemsOf(sealing({ name: "ada", file: "ada.json" }), folder);
  expect(problem).toContain(`seal.recipients[0].file names ${join(folder, "ada.json")}, which ${sentence}`);
  expect(problem).not.toContain("hidden");
});

test("of a key file only the key is handed on", async () => {
  const folder = folderOfTest();
  writeFileSync(join(folder, "ada.json"), JSON.stringify({ ...P256_KEY, kid: "x", note: "Ada's" }));
  expect((await policyOf(sealing({ name: "ada", file: "ada.json" }), folder)).recipients).toEqual([
    { name: "ada", jwk: P256_KEY },
  ]);
});
