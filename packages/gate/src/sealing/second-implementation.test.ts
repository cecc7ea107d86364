import { execFileSync, spawnSync } from "node:child_process";
import { CURVES, generateSealKey, Keyring, makeRunKey, publicHalf, type PrivateJwk } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import { ContentKey } from "./content-key.ts";

// The gate seals texts with an AES of its own. Debian's python3-jwcrypto, which knows nothing of our code, opens them from what crosses
// alone: the wrapped key and the texts. And what it seals with a key that it made and wrapped, opens here.

const OPEN = `
import base64, json, sys
from jwcrypto import jwe, jwk
task = json.load(sys.stdin)
token = jwe.JWE()
token.deserialize(task["wrapped"], jwk.JWK(**task["key"]))
secret = jwk.JWK(kty="oct", k=base64.urlsafe_b64encode(token.payload).decode().rstrip("="))
out = []
for sealed in task["sealed"]:
    token = jwe.JWE()
    token.deserialize(sealed, secret)
    out.append([json.loads(token.objects["protected"])["typ"], token.payload.decode()])
json.dump(out, sys.stdout)
`;
const SEAL = `
import base64, json, os, sys
from jwcrypto import jwe, jwk
task = json.load(sys.stdin)
secret = os.urandom(32)
wrapped = jwe.JWE(secret, json.dumps({"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}))
for key in task["keys"]:
    wrapped.add_recipient(jwk.JWK(**key), json.dumps({"kid": key["kid"]}))
head = {"alg": "dir", "enc": "A256GCM", "kid": "another-implementation", "typ": "log"}
text = jwe.JWE(task["text"].encode(), json.dumps(head))
text.add_recipient(jwk.JWK(kty="oct", k=base64.urlsafe_b64encode(secret).decode().rstrip("=")))
json.dump({"id": head["kid"], "key": wrapped.serialize(), "text": text.serialize(compact=True)}, sys.stdout)
`;

/** Debian's own: another one of the same name does not see Debian's packages. */
const PYTHON = "/usr/bin/python3";

function python<T>(program: string, task: object): T {
  if (spawnSync(PYTHON, ["-c", "import jwcrypto"]).status !== 0)
    throw new Error("The second implementation is not here. Install it: apt-get install python3-jwcrypto");
  return JSON.parse(execFileSync(PYTHON, ["-c", program], { input: JSON.stringify(task), encoding: "utf8" })) as T;
}

/** As many as a policy file may name, of both kinds. */
const manyKeys = (): Promise<PrivateJwk[]> =>
  Promise.all(Array.from({ length: 50 }, (_, at) => generateSealKey(CURVES[at % CURVES.length])));

test("another implementation opens what a gate seals, for the first of many recipients and for the last", async () => {
  const keys = await manyKeys();
  const contentKey = new ContentKey(await makeRunKey(keys.map(publicHalf)));
  // Not an empty one: jwcrypto takes content without a byte for content that did not open.
  const texts = ["the fares of May 🛫", " ", "x".repeat(20_000)];
  const sealed = texts.map((text) => contentKey.seal(text, "log")).concat(contentKey.seal("file:/x", "location"));
  const task = { wrapped: contentKey.sealKey.key, sealed: sealed.map((text) => text.slice("sealed:".length)) };
  for (const key of [keys[0], keys[1], keys.at(-1)])
    expect(python(OPEN, { ...task, key })).toEqual([...texts.map((text) => ["log", text]), ["location", "file:/x"]]);
});

test("what another implementation seals in a run for many, each of them opens here", async () => {
  const keys = await manyKeys();
  const given = { keys: keys.map(publicHalf), text: "the fares of May 🛫" };
  const { id, key: wrapped, text } = python<{ id: string; key: string; text: string }>(SEAL, given);
  for (const key of keys) {
    const keyring = new Keyring([key]);
    keyring.learn([{ id, key: wrapped }]);
    expect(await keyring.openText(`sealed:${text}`, "log")).toBe(given.text);
  }
});
