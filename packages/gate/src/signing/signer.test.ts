import type { FlowRegistration, StartRequest } from "@weir/protocol";
import { keyIdOf, makeSigningKey, openStatement, workProblem } from "@weir/protocol/signing";
import { expect, test } from "vitest";
import { createSigner, SigningKeyError } from "./signer.ts";

const key = await makeSigningKey();
const signer = await createSigner(key, { now: () => 1_800_000_000_000 });
const trust = { signers: [{ name: "ann", jwk: { ...signer.publicKey } }], revoked: [] };

const registration: FlowRegistration = {
  name: "report",
  labels: [],
  tasks: [],
  parameterDefaults: { top: 5 },
  storage: { kind: "local", directory: "/flows", entry: "f.ts", codeDigest: "a".repeat(64), files: [] },
  sdkVersion: "1",
};

async function signedFlow(): Promise<FlowRegistration> {
  const body = { input: { project: "p", registration: { ...registration, signature: "somebody else's" } } };
  return (await signer.sign("RegisterFlow", body)).input.registration;
}

test("a registration and a run that is started carry signatures that an agent takes", async () => {
  const { signature, storage } = await signedFlow();
  const creation = await signer.sign("CreateFlowRun", {
    input: { project: "p", flow: "report", parameters: { top: 9 } },
  });
  const { signature: parametersSignature } = creation.input as { signature?: string };
  if (signature === undefined || parametersSignature === undefined) throw new Error("not signed");
  const work = { project: "p", flow: "report", flowVersion: 1, storage, parameters: { top: 9 }, signature };
  expect(await workProblem({ ...work, parametersSignature }, trust, 0)).toBeNull();
  expect(await workProblem(work, trust, 0)).toContain("carry no signature");
});

test("a run that starts another one means its own project, unless it names one", async () => {
  const start: StartRequest = { attempt: 1, flow: "report", parameters: { top: 9 }, idempotencyKey: "k" };
  const projectOf = async (body: StartRequest, facts?: { project: string }) => {
    const { signature } = await signer.sign("start", body, facts);
    const opened = await openStatement("parameters", signature ?? "", trust);
    return "statement" in opened ? opened.statement.project : opened.problem;
  };
  expect(await projectOf(start, { project: "own" })).toBe("own");
  expect(await projectOf({ ...start, project: "named" }, { project: "own" })).toBe("named");
  expect(await signer.sign("start", start)).toBe(start);
});

test("signatures of parameters end when they are to; those of flows do not", async () => {
  const short = await createSigner(key, { validSeconds: 60, now: () => 1_800_000_000_999 });
  const start: StartRequest = { attempt: 1, flow: "f", idempotencyKey: "k" };
  const { signature = "" } = await short.sign("start", start, { project: "p" });
  expect(await openStatement("parameters", signature, trust)).toMatchObject({
    statement: { iat: 1_800_000_000, exp: 1_800_000_060 },
    signer: "ann",
  });
});

test("other messages pass as they are, and what was given is not changed in place", async () => {
  const body = Object.freeze({ attempt: 1, first: 1, events: [] });
  expect(await signer.sign("report", body)).toBe(body);
  const input = Object.freeze({ project: "p", flow: "f" });
  await signer.sign("CreateFlowRun", Object.freeze({ input }));
  expect(input).toEqual({ project: "p", flow: "f" });
});

test("a signer tells its key's id and public half, and nothing of the private one", async () => {
  expect(signer.kid).toBe(await keyIdOf(key));
  expect(JSON.stringify(signer)).not.toContain(key.d);
});

test.each([
  ["a public half", { kty: "OKP", crv: "Ed25519", x: "a".repeat(43) }, 'no private half ("d")'],
  ["a key for sealing", { kty: "OKP", crv: "X25519", x: "a".repeat(43), d: "b".repeat(43) }, "no Ed25519 key"],
  ["a text", "secret-half", "no JSON object"],
])("%s cannot sign, and the sentence does not repeat it", async (_what, value, sentence) => {
  const made = createSigner(value);
  await expect(made).rejects.toThrow(SigningKeyError);
  await expect(made).rejects.toThrow(sentence);
  await expect(made).rejects.not.toThrow("bbb");
});
