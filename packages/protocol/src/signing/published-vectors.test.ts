import { createPrivateKey, sign } from "node:crypto";
import { expect, test } from "vitest";
import { openStatement, signStatement } from "./jws.ts";
import { keyIdOf, publicHalf, type SigningJwk } from "./keys.ts";
import { parametersStatement } from "./statements.ts";

// RFC 8037, appendix A: the key of A.1 and A.2, its thumbprint of A.3, the signature of A.4, which A.5 checks.
const KEY: SigningJwk = {
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
};
const THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
const SIGNED = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
const SIGNATURE = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

/** Ed25519 over the characters of header and content, as A.4 tells it. */
const signatureOf = (text: string) => {
  const key = createPrivateKey({ key: { ...KEY }, format: "jwk" });
  return sign(null, Buffer.from(text), key).toString("base64url");
};
const trust = { signers: [{ name: "rfc", jwk: { ...publicHalf(KEY) } }], revoked: [] };
const statement = await parametersStatement({ project: "p", flow: "f", parameters: { top: 5 } }, { iat: 1 });

test("the id of the published key is its published thumbprint", async () => {
  expect(await keyIdOf(KEY)).toBe(THUMBPRINT);
});

test("a statement is signed with the published key as the RFC tells it, and opens", async () => {
  expect(signatureOf(SIGNED)).toBe(SIGNATURE);
  const made = await signStatement(statement, KEY);
  const [header = "", content = "", signature] = made.split(".");
  expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({
    alg: "EdDSA",
    typ: "weir-parameters+jws",
    kid: THUMBPRINT,
  });
  expect(signature).toBe(signatureOf(`${header}.${content}`));
  expect(await openStatement("parameters", made, trust)).toEqual({ statement, signer: "rfc" });
});

test("the published signature is no statement: it does not say of which kind it is, and is not of ours", async () => {
  expect(await openStatement("parameters", `${SIGNED}.${SIGNATURE}`, trust)).toEqual({
    problem: "carries something that is no signature of its kind",
  });
  const made = await signStatement(statement, KEY);
  const foreign = made.replace(/[^.]+$/, SIGNATURE);
  expect(await openStatement("parameters", foreign, trust)).toEqual({
    problem: expect.stringMatching(
      /^carries a signature in the name of the key kPrK_.* that is not that key's$/,
    ) as string,
  });
});
