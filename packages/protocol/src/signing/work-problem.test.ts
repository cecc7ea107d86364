import { expect, test } from "vitest";
import type { FlowRegistration } from "../registration.ts";
import type { ScheduleDefinition } from "../schedule.ts";
import { signStatement, type Trust, type TrustedSigner } from "./jws.ts";
import { keyIdOf, makeSigningKey, publicHalf, type SigningJwk } from "./keys.ts";
import { flowStatement, parametersStatement } from "./statements.ts";
import { type ClaimedWork, workProblem } from "./work-problem.ts";

const NOW = 1_800_000_000;

const schedule = (name: string, parameters?: object): ScheduleDefinition => ({
  name,
  clock: { cron: "@daily" },
  zone: "UTC",
  ...(parameters === undefined ? {} : { parameters }),
});

const REGISTRATION: FlowRegistration = {
  name: "report",
  labels: [],
  tasks: [],
  parameterDefaults: { top: 5, day: "today" },
  schedules: [schedule("nightly", { top: 50 }), schedule("plain")],
  storage: {
    kind: "local",
    directory: "/flows",
    entry: "report.ts",
    codeDigest: "a".repeat(64),
    files: [{ path: "report.ts", sha256: "b".repeat(64) }],
  },
  sdkVersion: "1",
  boundary: { log: "drop" },
};

async function signer(name: string): Promise<{ key: SigningJwk; kid: string; trusted: TrustedSigner }> {
  const key = await makeSigningKey();
  return { key, kid: await keyIdOf(key), trusted: { name, jwk: { ...publicHalf(key) } } };
}

const ann = await signer("ann");
const bob = await signer("bob");
const mallory = await signer("mallory");
const TRUST: Trust = { signers: [ann.trusted, bob.trusted], revoked: [] };

const signFlow = async (registration = REGISTRATION, project = "p", key = ann.key) =>
  signStatement(await flowStatement(project, registration), key);

const signRun = async (
  parameters: object | undefined,
  o: { flow?: string; project?: string; key?: SigningJwk; exp?: number } = {},
) => {
  const work = {
    project: o.project ?? "p",
    flow: o.flow ?? "report",
    ...(parameters === undefined ? {} : { parameters }),
  };
  const times = { iat: NOW, ...(o.exp === undefined ? {} : { exp: o.exp }) };
  return signStatement(await parametersStatement(work, times), o.key ?? ann.key);
};

const WORK: ClaimedWork = {
  project: "p",
  flow: "report",
  flowVersion: 3,
  storage: REGISTRATION.storage,
  parameters: { day: "today", top: 5 },
  boundary: { log: "drop" },
  signature: await signFlow(),
};

const problemOf = (work: Partial<ClaimedWork>, trust = TRUST) => workProblem({ ...WORK, ...work }, trust, NOW);
const without = (name: keyof ClaimedWork): ClaimedWork => {
  const { [name]: _left, ...rest } = WORK;
  return rest as ClaimedWork;
};

test("signed code with the signed defaults, or with nothing, needs no more", async () => {
  expect(await problemOf({})).toBeNull();
  expect(await problemOf({ parameters: {} })).toBeNull();
});

test("without trusted signers nothing is asked for", async () => {
  expect(await workProblem(without("signature"), { signers: [], revoked: [] }, NOW)).toBeNull();
});

test("code without a signature is refused, and the sentence says what to do", async () => {
  expect(await workProblem(without("signature"), TRUST, NOW)).toBe(
    'The code of flow "report" in version 3 carries no signature, and this agent runs signed work only. Register it with `weir register --sign` and a key that the boundary policy trusts.',
  );
});

test("a key that is not trusted, one that is revoked, and a signature in another's name", async () => {
  const stranger = await problemOf({ signature: await signFlow(REGISTRATION, "p", mallory.key) });
  expect(stranger).toContain(`is signed by the key ${mallory.kid}, which the boundary policy does not trust`);
  const revoked = await problemOf({}, { ...TRUST, revoked: [ann.kid] });
  expect(revoked).toContain(`is signed by the key ${ann.kid} (ann), which the boundary policy has revoked`);
  const [, payload, signature] = (await signFlow(REGISTRATION, "p", mallory.key)).split(".");
  const forged = `${WORK.signature?.split(".")[0]}.${payload}.${signature}`;
  expect(await problemOf({ signature: forged })).toContain("that is not that key's");
});

test("during a rotation both keys are taken; once the old one is revoked its work is refused and the new one's is not", async () => {
  const byBob = await signFlow(REGISTRATION, "p", bob.key);
  expect(await problemOf({ signature: byBob })).toBeNull();
  const after = { ...TRUST, revoked: [ann.kid] };
  expect(await problemOf({}, after)).toContain("revoked");
  expect(await problemOf({ signature: byBob }, after)).toBeNull();
});

test("a name in the policy file does not make a key: an entry under a revoked signer's name, or with a private half, opens nothing", async () => {
  const impostor = { name: "ann", jwk: mallory.trusted.jwk };
  expect(await problemOf({}, { signers: [impostor], revoked: [] })).toContain("does not trust");
  const unfit = { name: "ann", jwk: { ...ann.key } };
  expect(await problemOf({}, { signers: [unfit], revoked: [] })).toContain("does not trust");
});

const local = (change: object) => ({ ...WORK.storage, ...change });

test.each<[string, ClaimedWork["storage"]]>([
  ["another directory", local({ directory: "/tmp" })],
  ["another entry", local({ entry: "other.ts" })],
  ["another digest of a file", local({ files: [{ path: "report.ts", sha256: "c".repeat(64) }] })],
  ["a file more", local({ files: [...REGISTRATION_FILES(), { path: "evil.ts", sha256: "c".repeat(64) }] })],
  ["a sealed place instead", { kind: "sealed", box: { ciphertext: "x" } }],
])("code is not what was signed: %s", async (_what, storage) => {
  expect(await problemOf({ storage })).toContain("is not what ann signed");
});

function REGISTRATION_FILES() {
  return REGISTRATION.storage.kind === "sealed" ? [] : REGISTRATION.storage.files;
}

test("the order of keys is of no account", async () => {
  const turned = Object.fromEntries(Object.entries(WORK.storage).toReversed()) as ClaimedWork["storage"];
  expect(await problemOf({ storage: turned })).toBeNull();
});

test("the signature of another flow, another project, another version", async () => {
  const swapped = "has swapped them";
  expect(await problemOf({ signature: await signFlow({ ...REGISTRATION, name: "other" }) })).toContain(swapped);
  expect(await problemOf({ signature: await signFlow(REGISTRATION, "q") })).toContain(swapped);
  const before = await signFlow({ ...REGISTRATION, storage: local({ codeDigest: "d".repeat(64) }) });
  expect(await problemOf({ signature: before })).toContain("is not what ann signed");
});

test("a boundary may come back stricter, never milder", async () => {
  expect(await problemOf({ boundary: { log: "drop", artifact: "drop" } })).toBeNull();
  const milder = await problemOf({ boundary: { log: "redact" } });
  expect(milder).toContain('made milder after that: "drop" for the class "log" came as "redact"');
  expect(await workProblem(without("boundary"), TRUST, NOW)).toContain('came as "nothing"');
});

test("parameters: given ones need a signature, and the signed defaults stand in for the others", async () => {
  const parameters = { top: 9, day: "today" };
  expect(await problemOf({ parameters })).toContain("carry no signature, and are not the defaults");
  const parametersSignature = await signRun({ top: 9 });
  expect(await problemOf({ parameters, parametersSignature })).toBeNull();
  expect(await problemOf({ parameters, parametersSignature: await signRun(parameters) })).toBeNull();
  const changed = "are not those that ann signed";
  expect(await problemOf({ parameters: { top: 10, day: "today" }, parametersSignature })).toContain(changed);
  expect(await problemOf({ parameters: { top: 9, day: "never" }, parametersSignature })).toContain(changed);
  expect(await problemOf({ parameters: { top: 9 }, parametersSignature })).toContain(changed);
  expect(await problemOf({ parameters: { ...parameters, more: 1 }, parametersSignature })).toContain(changed);
  expect(await problemOf({ parameters: {}, parametersSignature })).toContain(changed);
});

test("parameters: signed by a stranger, for another flow, in the other kind's place, after their time", async () => {
  const parameters = { top: 9, day: "today" };
  const with_ = (parametersSignature: string) => problemOf({ parameters, parametersSignature });
  expect(await with_(await signRun({ top: 9 }, { key: mallory.key }))).toContain("does not trust");
  expect(await with_(await signRun({ top: 9 }, { flow: "other" }))).toContain("has swapped them");
  expect(await with_(await signRun({ top: 9 }, { project: "q" }))).toContain("has swapped them");
  expect(await with_(WORK.signature ?? "")).toContain("no signature of its kind");
  expect(await with_("junk")).toContain("no signature of its kind");
  expect(await problemOf({ signature: await signRun({}) })).toContain("no signature of its kind");
  expect(await with_(await signRun({ top: 9 }, { exp: NOW + 1 }))).toBeNull();
  expect(await with_(await signRun({ top: 9 }, { exp: NOW }))).toContain("which is over by this agent's clock");
});

test("what the starter asked of the gate must still be asked", async () => {
  const statement = await parametersStatement(
    { project: "p", flow: "report", boundary: { exception: "seal" } },
    { iat: NOW },
  );
  const parametersSignature = await signStatement(statement, bob.key);
  expect(await problemOf({ parametersSignature })).toContain('"seal" for the class "exception" came as "nothing"');
  for (const exception of ["seal", "drop"] as const)
    expect(await problemOf({ parametersSignature, boundary: { log: "drop", exception } })).toBeNull();
});

test("sealed parameters are taken exactly as they were signed; nothing is merged into them", async () => {
  const parameters = { $sealed: { ciphertext: "abc" } };
  const parametersSignature = await signRun(parameters);
  expect(await problemOf({ parameters, parametersSignature })).toBeNull();
  const other = { $sealed: { ciphertext: "abd" } };
  expect(await problemOf({ parameters: other, parametersSignature })).toContain("are not those that ann signed");
  expect(await problemOf({ parameters: { ...parameters, top: 5 }, parametersSignature })).toContain("not those");
});

test("sealed defaults are signed too", async () => {
  const sealed = { $sealed: { ciphertext: "abc" } };
  const signature = await signFlow({ ...REGISTRATION, parameterDefaults: sealed });
  expect(await problemOf({ signature, parameters: sealed })).toBeNull();
  expect(await problemOf({ signature, parameters: { $sealed: { ciphertext: "abd" } } })).toContain(
    "carry no signature",
  );
  const parametersSignature = await signRun({ top: 9 });
  expect(await problemOf({ signature, parameters: { top: 9 }, parametersSignature })).toBeNull();
});

test("a schedule's run has that schedule's parameters and no others", async () => {
  const nightly = { schedule: "nightly", parameters: { top: 50, day: "today" } };
  expect(await problemOf(nightly)).toBeNull();
  expect(await problemOf({ schedule: "plain", parameters: { top: 5, day: "today" } })).toBeNull();
  expect(await problemOf({ ...nightly, schedule: "plain" })).toContain('signed for its schedule "plain"');
  expect(await problemOf({ ...nightly, parameters: { top: 51, day: "today" } })).toContain('schedule "nightly"');
  expect(await problemOf({ ...nightly, schedule: "made-up" })).toContain("not among those that were signed");
  expect(await problemOf({ ...nightly, schedule: "constructor" })).toContain("not among those that were signed");
});

test("more names than are listed one by one are signed as a whole", async () => {
  const parameters = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`name ${i}`, i]));
  const signature = await signFlow({ ...REGISTRATION, parameterDefaults: {} });
  const parametersSignature = await signRun(parameters);
  expect(parametersSignature.length).toBeLessThan(1_000);
  expect(await problemOf({ signature, parameters, parametersSignature })).toBeNull();
  const changed = { ...parameters, "name 7": 8 };
  expect(await problemOf({ signature, parameters: changed, parametersSignature })).toContain("not those");
});

test("no parameters at all is an empty object, and no list", async () => {
  const { parameterDefaults: _left, ...plain } = REGISTRATION;
  const signature = await signFlow(plain);
  expect(await problemOf({ signature, parameters: {} })).toBeNull();
  for (const parameters of [[], null, "", 0])
    expect(await problemOf({ signature, parameters }), JSON.stringify(parameters)).toContain("carry no signature");
});

test("a statement in a form of later days is not guessed at", async () => {
  const later = { ...(await flowStatement("p", REGISTRATION)), v: 2 as 1 };
  expect(await problemOf({ signature: await signStatement(later, ann.key) })).toContain(
    "in a form that this agent does not know",
  );
});

test("parameters that nobody could have signed are told, however deep they are", async () => {
  const deep: unknown = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
  expect(await problemOf({ parameters: { deep } })).toContain("nested deeper than 64 levels");
});

test("the same content signed twice is the same text, so that it is the same version", async () => {
  expect(await signFlow()).toBe(WORK.signature);
});
