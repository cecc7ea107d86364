import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStatement, type SigningJwk } from "@weir/protocol/signing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(false);
});
afterAll(() => stage.end());

interface Made {
  readonly file: string;
  readonly kid: string;
  readonly jwk: SigningJwk;
}

const keygen = (name: string) => stage.json<Made>(["sign", "keygen", "--name", name, "--out", `${name}.json`]);
const trusting = (...made: Made[]) => ({
  signers: made.map(({ kid, jwk }) => ({ name: kid, jwk: { ...jwk } })),
  revoked: [],
});

function writePolicy(text: string): { readonly env: { readonly WEIR_BOUNDARY_FILE: string } } {
  const file = join(stage.folder, "policy.yaml");
  writeFileSync(file, text);
  return { env: { WEIR_BOUNDARY_FILE: file } };
}

async function column(sql: string): Promise<string> {
  const { rows } = await stage.cloud.database.pool.query<{ signature: string | null }>(sql);
  return rows[0]?.signature ?? "";
}

const ofVersion = "select signature from flow_versions order by number desc limit 1";
const ofRun = "select parameters_signature as signature from flow_runs order by id desc limit 1";

test("keygen writes a private key that only its owner may read, prints the public half, and overwrites nothing", async () => {
  const { code, out, err } = await stage.weir(["sign", "keygen", "--name", "ann: the first", "--out", "first.json"]);
  expect(code).toBe(0);
  const file = join(stage.folder, "first.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { d, x } = JSON.parse(readFileSync(file, "utf8")) as SigningJwk;
  expect(d).toHaveLength(43);
  expect(out + err).not.toContain(d);
  expect(out).toBe(
    `sign:\n  trustedSigners:\n    - name: "ann: the first"\n      jwk: { kty: OKP, crv: Ed25519, x: "${x}" }\n`,
  );
  // What is printed is what a policy file takes.
  const listed = await stage.weir(["sign", "signers", "--sign-key", "first.json"], writePolicy(`version: 1\n${out}`));
  expect(listed.out).toMatch(/^ann: the first +[\w-]{43} {2}yours\n$/);
  const before = readFileSync(file, "utf8");
  const again = await stage.weir(["sign", "keygen", "--out", "first.json"]);
  expect(again.code).toBe(2);
  expect(again.err).toContain("a key is never overwritten");
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("signers tells who is trusted, who is revoked and that your key is not among them", async () => {
  const [old, mine] = [await keygen("old"), await keygen("mine")];
  const entry = ({ jwk: { kty, crv, x } }: Made) => `{ name: old, jwk: { kty: ${kty}, crv: ${crv}, x: "${x}" } }`;
  const policy = writePolicy(
    `version: 1\nsign:\n  trustedSigners: [${entry(old)}]\n  revoked: ["${old.kid}", "${"A".repeat(43)}"]\n`,
  );
  const { out } = await stage.weir(["sign", "signers", "--sign-key", "mine.json"], policy);
  const lines = out.trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(new RegExp(`^old +${old.kid} {2}revoked$`));
  expect(lines[1]).toContain(`${"A".repeat(43)}  revoked`);
  expect(lines[2]).toBe(`Your key ${mine.kid} is not among them: what you sign is refused.`);
  const document = await stage.json(["sign", "signers"], policy);
  expect(document).toMatchObject({ signers: [{ name: "old", kid: old.kid, revoked: true, mine: false }], mine: null });
});

test("register --sign: the cloud keeps a signature of what it was sent, and the same content is the same version", async () => {
  const made = await keygen("pipeline");
  const args = ["register", "sum.flow.ts"];
  const env = { WEIR_SIGN_KEY_FILE: "pipeline.json" };
  const signed = await stage.json<{ signedBy: string }>([...args, "--sign"], { env });
  expect(signed).toMatchObject({ code: 0, signedBy: made.kid, flows: [{ flow: "sum", version: 1, created: true }] });
  const signature = await column(ofVersion);
  expect(await openStatement("flow", signature, trusting(made))).toMatchObject({
    signer: made.kid,
    statement: { project: "default", flow: "sum" },
  });
  expect((await stage.weir([...args, "--sign"], { env })).out).toMatch(
    new RegExp(`^sum {2}version 1 {2}unchanged {2}in project default {2}signed by ${made.kid}\n`),
  );
  // Registered again without a signature, the content is still what was signed.
  await stage.weir(args);
  expect(await column(ofVersion)).toBe(signature);
  // A rotation: the same version, signed by the new key.
  const next = await keygen("next");
  expect(await stage.json([...args, "--sign-key", "next.json"])).toMatchObject({ flows: [{ version: 1 }] });
  expect(await openStatement("flow", await column(ofVersion), trusting(next))).toMatchObject({ signer: next.kid });
});

test("run --sign: the run keeps a signature of its parameters, for as long as is said", async () => {
  const made = await keygen("starter");
  const args = ["run", "sum.flow.ts", "-p", "upTo=3", "--no-watch", "--sign-key", "starter.json"];
  const { code, err } = await stage.weir([...args, "--sign-hours", "2"]);
  expect([code, err]).toEqual([0, expect.not.stringContaining("signed")]);
  const opened = await openStatement("parameters", await column(ofRun), trusting(made));
  if ("problem" in opened) throw new Error(opened.problem);
  const { iat, exp = 0, flow, project } = opened.statement;
  expect([project, flow, exp - iat]).toEqual(["default", "sum", 7_200]);
});

test("who would be refused is told when it is sent, not when the run fails", async () => {
  const made = await keygen("trusted");
  const other = await keygen("other");
  const policyOf = (more = "") =>
    writePolicy(
      `version: 1\nsign:\n  trustedSigners: [{ name: a, jwk: { kty: OKP, crv: Ed25519, x: "${made.jwk.x}" } }]\n${more}`,
    );
  const err = async (...args: string[]) => (await stage.weir(["register", "gate.flow.ts", ...args], policyOf())).err;
  expect(await err()).toContain("run signed work only, and this is not signed. Add --sign.");
  expect(await err("--sign-key", "other.json")).toContain(`does not list your key ${other.kid}`);
  expect(await err("--sign-key", "trusted.json")).toBe("");
  const revoked = policyOf(`  revoked: ["${made.kid}"]\n`);
  const after = await stage.weir(["register", "gate.flow.ts", "--sign-key", "trusted.json"], revoked);
  expect(after.err).toContain("has revoked your key");
});

test("keys that cannot sign are one sentence, and nothing is sent", async () => {
  await keygen("open");
  chmodSync(join(stage.folder, "open.json"), 0o644);
  writeFileSync(join(stage.folder, "wrong.json"), '{"kty":"oct","k":"c2VjcmV0"}', { mode: 0o600 });
  const run = async (...args: string[]) => {
    const { code, err } = await stage.weir(["register", "gate.flow.ts", "--project", "nowhere", ...args]);
    expect(code).toBe(2);
    return err;
  };
  expect(await run("--sign")).toContain("There is no key to sign with. Make one with `weir sign keygen`");
  expect(await run("--sign-key", "open.json")).toContain("chmod 600");
  const wrong = await run("--sign-key", "wrong.json");
  expect(wrong).toContain("it is no Ed25519 key in JWK form");
  expect(wrong).not.toContain("c2VjcmV0");
  expect(existsSync(join(stage.folder, "weir-sign-key.json"))).toBe(false);
});
