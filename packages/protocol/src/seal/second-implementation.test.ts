import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { Keyring } from "./keyring.ts";
import { CURVES, generateSealKey, publicHalf } from "./keys.ts";
import { makeRunKey, sealFor, sealJson, sealText } from "./seal.ts";

// Debian's python3-jwcrypto knows nothing of our code: what one seals, the other opens.

const OPEN = `
import json, sys
from jwcrypto import jwe, jwk
task = json.load(sys.stdin)
key = jwk.JWK(**task["key"])
out = []
for sealed in task["sealed"]:
    token = jwe.JWE()
    token.deserialize(sealed)
    token.decrypt(key)
    out.append(token.payload.decode())
json.dump(out, sys.stdout)
`;
const SEAL = `
import json, sys
from jwcrypto import jwe, jwk
task = json.load(sys.stdin)
token = jwe.JWE(task["text"].encode(), json.dumps({"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}))
for key in task["keys"]:
    token.add_recipient(jwk.JWK(**key), json.dumps({"kid": key["kid"]}))
sys.stdout.write(token.serialize())
`;

/** Debian's own: another one of the same name does not see Debian's packages. */
const PYTHON = "/usr/bin/python3";

function python<T>(program: string, task: object): T {
  if (spawnSync(PYTHON, ["-c", "import jwcrypto"]).status !== 0)
    throw new Error("The second implementation is not here. Install it: apt-get install python3-jwcrypto");
  return JSON.parse(execFileSync(PYTHON, ["-c", program], { input: JSON.stringify(task), encoding: "utf8" })) as T;
}

test.for(CURVES)(
  "another implementation opens what is sealed with %s: a run's key, its texts, values",
  async (curve) => {
    const [key, other] = [await generateSealKey(curve), await generateSealKey("X25519")];
    const recipients = [publicHalf(other), publicHalf(key)];
    const runKey = await makeRunKey(recipients);
    const value = await sealJson(recipients, { day: "2026-05-01", é: "🛫" });
    const mine = python<string[]>(OPEN, { key, sealed: [JSON.stringify(value.$sealed)] });
    expect(JSON.parse(mine[0] ?? "")).toEqual({ day: "2026-05-01", é: "🛫" });
    const secret = { kty: "oct", k: Buffer.from(runKey.key).toString("base64url") };
    const text = (await sealText(runKey, "a line 🛫")).slice("sealed:".length);
    expect(python<string[]>(OPEN, { key: secret, sealed: [text] })).toEqual(["a line 🛫"]);
    const wrapped = await sealFor(recipients, new TextEncoder().encode("k".repeat(32)));
    expect(python<string[]>(OPEN, { key, sealed: [JSON.stringify(wrapped)] })).toEqual(["k".repeat(32)]);
  },
);

test("what another implementation seals for several is opened here by each of them", async () => {
  const keys = [await generateSealKey("X25519"), await generateSealKey("P-256")];
  for (const given of [keys, keys.slice(0, 1), keys.slice(1)]) {
    const sealed = python<object>(SEAL, { text: "the fares of May", keys: given.map(publicHalf) });
    for (const key of given)
      expect(new TextDecoder().decode(await new Keyring([key]).openGeneral(sealed))).toBe("the fares of May");
  }
});
