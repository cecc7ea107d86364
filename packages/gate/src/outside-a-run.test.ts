import type { FlowRegistration, StartRequest } from "@weir/protocol";
import { Keyring } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import type { Gate } from "./gate.ts";
import { GateError } from "./gate-error.ts";
import { makeSide, policyOf } from "./testing/gates.ts";

const query = "mutation X { x }";
const storage = {
  kind: "local" as const,
  directory: "/home/canary",
  entry: "a.ts",
  codeDigest: "0".repeat(64),
  files: [],
};
const schedule = (parameters: unknown) => ({ name: "daily", clock: { cron: "@daily" }, zone: "UTC", parameters });

function registration(more: Partial<FlowRegistration> = {}): FlowRegistration {
  return {
    name: "f",
    labels: [],
    tasks: [],
    storage,
    sdkVersion: "1",
    parameterDefaults: { who: "canary" },
    runConfig: { image: "canary" },
    schedules: [schedule({ who: "canary" })],
    ...more,
  };
}

async function sentRegistration(gate: Gate, body: FlowRegistration): Promise<FlowRegistration> {
  const variables = { input: { project: "p", registration: body } };
  const { body: text } = await gate.pass("graphql", { operationName: "RegisterFlow", query, variables });
  return (JSON.parse(text) as { variables: typeof variables }).variables.input.registration;
}

async function sentParameters(gate: Gate, parameters: unknown, boundary = {}): Promise<unknown> {
  const variables = { input: { project: "p", flow: "f", parameters, boundary } };
  const { body } = await gate.pass("graphql", { operationName: "CreateFlowRun", query, variables });
  return (JSON.parse(body) as { variables: typeof variables }).variables.input.parameters;
}

async function refusalOf(passing: Promise<unknown>): Promise<string> {
  const error = await passing.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GateError);
  expect(error).toMatchObject({ code: "INVALID" });
  return (error as GateError).message;
}

test("a registration is sealed for agents and readers: defaults, parameters of schedules, run config, the place of the code", async () => {
  const reader = await makeSide(policyOf({}));
  const recipients = [{ name: "ann", jwk: { ...reader.inside, d: undefined } }];
  const side = await makeSide(policyOf({ parameter: "seal", config: "seal" }, { recipients }));
  const sent = await sentRegistration(side.gate, registration());
  expect(JSON.stringify(sent)).not.toContain("canary");
  for (const key of [side.inside, reader.inside]) {
    const keyring = new Keyring([key]);
    expect(await keyring.openJson(sent.parameterDefaults as never)).toEqual({ who: "canary" });
    expect(await keyring.openJson(sent.schedules?.[0]?.parameters as never)).toEqual({ who: "canary" });
    expect(await keyring.openJson(sent.runConfig as never)).toEqual({ image: "canary" });
    const box = sent.storage.kind === "sealed" ? sent.storage.box : null;
    expect(await keyring.openJson({ $sealed: box as never })).toEqual(storage);
  }
});

test("what flow or starter ask for is done although the policy file says nothing of it", async () => {
  const side = await makeSide(policyOf({}));
  const sent = await sentRegistration(side.gate, registration({ boundary: { parameter: "seal" } }));
  expect(sent.parameterDefaults).toHaveProperty("$sealed");
  expect(sent.storage).toEqual(storage);
  expect(await sentParameters(side.gate, { a: "canary" }, { parameter: "seal" })).toHaveProperty("$sealed");
  expect(await sentParameters(side.gate, { a: "canary" })).toEqual({ a: "canary" });
});

test("parameters that are sealed already stay as they are; plain ones under that name are sealed", async () => {
  const side = await makeSide(policyOf({ parameter: "seal" }));
  const sealed = await sentParameters(side.gate, { a: "canary" });
  expect(await sentParameters(side.gate, sealed)).toEqual(sealed);
  const disguised = [
    { $sealed: { a: "canary" } },
    { $sealed: "canary" },
    { $sealed: { ciphertext: "x", recipients: [], a: "canary" } },
  ];
  for (const parameters of disguised) {
    const sent = await sentParameters(side.gate, parameters);
    expect(JSON.stringify(sent)).not.toContain("canary");
    expect(await side.keyring.openJson(sent as never)).toEqual(parameters);
  }
});

test("a place of code that claims to be sealed and is not is sealed", async () => {
  const side = await makeSide(policyOf({ config: "seal" }));
  const sent = await sentRegistration(
    side.gate,
    registration({ storage: { kind: "sealed", box: { directory: "canary" } } }),
  );
  expect(JSON.stringify(sent.storage)).not.toContain("canary");
});

test("with parameter: drop a run with parameters is refused, defaults are left out", async () => {
  const side = await makeSide(policyOf({ parameter: "drop" }));
  expect(await refusalOf(sentParameters(side.gate, { a: "canary" }))).toMatch(/^The boundary policy drops parameters/);
  expect(await sentParameters(side.gate, {})).toBeUndefined();
  expect(await refusalOf(sentRegistration(side.gate, registration()))).toContain('the schedule "daily"');
  const sent = await sentRegistration(side.gate, registration({ schedules: [] }));
  expect(sent).not.toHaveProperty("parameterDefaults");
});

test("parameters of a run that a flow starts are data of both flows", async () => {
  const policy = policyOf({});
  const actionFor: typeof policy.actionFor = (c, o) =>
    c === "parameter" && o.flow === "secretive" ? "seal" : policy.actionFor(c, o);
  const side = await makeSide({ ...policy, actionFor });
  const started = async (flow: string): Promise<StartRequest> => {
    const body = { attempt: 1, flow, idempotencyKey: "k", parameters: { a: "canary" } };
    return JSON.parse((await side.gate.pass("start", body, { scope: side.scope })).body) as StartRequest;
  };
  expect((await started("open")).parameters).toEqual({ a: "canary" });
  const { parameters } = await started("secretive");
  expect(await side.keyring.openJson(parameters as never)).toEqual({ a: "canary" });
  side.scope.tighten({ parameter: "seal" });
  expect((await started("open")).parameters).toHaveProperty("$sealed");
});

test("without a key what should be sealed is not sent, and the sentence says how to get one", async () => {
  const side = await makeSide(policyOf({ parameter: "seal" }), { insideKeys: [] });
  expect(await refusalOf(sentParameters(side.gate, { a: "canary" }))).toMatch(/weir seal keygen/);
});

test("a recipient whose key cannot be used is named, before anything is sent", async () => {
  const recipients = [{ name: "ann", jwk: { kty: "oct", k: "x" } }];
  const side = await makeSide(policyOf({ parameter: "seal" }, { recipients }));
  expect(await refusalOf(sentParameters(side.gate, { a: 1 }))).toContain('recipient "ann"');
  expect(await refusalOf(side.gate.checkKeys())).toContain('recipient "ann"');
});

test("what a person writes to an approval is redacted, dropped, or refused where it could only be sealed", async () => {
  const approve = async (side: Awaited<ReturnType<typeof makeSide>>) => {
    const variables = { input: { flowRunId: "0198c0de-0000-7000-8000-000000000001", number: 1, message: "canary" } };
    return (await side.gate.pass("graphql", { operationName: "ApproveTaskRun", query, variables })).body;
  };
  expect(await approve(await makeSide(policyOf({})))).toContain("canary");
  expect(await approve(await makeSide(policyOf({ exception: "drop" })))).not.toContain("canary");
  for (const exception of ["seal", "id-only"] as const)
    expect(await refusalOf(approve(await makeSide(policyOf({ exception }))))).toContain(`says "${exception}"`);
});

test("pseudonyms without a place for the dictionary are not sent", async () => {
  const side = await makeSide(policyOf({ location: "pseudonym" }), { dictionaryDirectory: undefined });
  const sending = side.report({ kind: "task", at: 1, number: 1, state: "Success", location: "file:/canary" });
  expect(await refusalOf(sending)).toContain("no directory");
});

test("a value of the key-value store is sent, sealed for agents and readers, or refused, as the policy says of parameters", async () => {
  const set = async (side: Awaited<ReturnType<typeof makeSide>>, value: unknown) => {
    const variables = { input: { key: "k", value } };
    const { body } = await side.gate.pass("graphql", { operationName: "SetKv", query, variables });
    return (JSON.parse(body) as { variables: typeof variables }).variables.input.value;
  };
  expect(await set(await makeSide(policyOf({})), "canary")).toBe("canary");
  const sealing = await makeSide(policyOf({ parameter: "seal" }));
  for (const value of ["canary", 7, null, { a: ["canary"] }]) {
    const sent = await set(sealing, value);
    expect(JSON.stringify(sent)).not.toContain("canary");
    expect(await sealing.keyring.openJson(sent as never)).toEqual(value);
  }
  const dropping = await makeSide(policyOf({ parameter: "drop" }));
  expect(await refusalOf(set(dropping, "canary"))).toContain('the key "k" was not written');
});

test("default parameters of a flow's settings are sent in plain or not at all, by the policy of that flow", async () => {
  const policy = policyOf({});
  const actionFor: typeof policy.actionFor = (c, o) =>
    c === "parameter" && o.flow === "secretive" ? "seal" : policy.actionFor(c, o);
  const side = await makeSide({ ...policy, actionFor });
  const set = (flow: string, parameterDefaults: unknown) => {
    const variables = { input: { project: "p", flow, parameterDefaults, maxRecoveries: 1 } };
    return side.gate.pass("graphql", { operationName: "SetFlowSettings", query, variables });
  };
  expect((await set("open", { a: "canary" })).body).toContain("canary");
  expect(await refusalOf(set("secretive", { a: "canary" }))).toContain('"parameter: seal" for the flow "secretive"');
  expect((await set("secretive", undefined)).body).toContain("maxRecoveries");
});
