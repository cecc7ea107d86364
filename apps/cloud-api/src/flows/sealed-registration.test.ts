import { LIMITS, type ScheduleDefinition } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registration } from "../graphql/testing/graphql-fixture.ts";
import { type ScheduleFixture, startScheduleFixture } from "../schedules/testing/schedule-fixture.ts";
import { schedule } from "../schedules/testing/slots.ts";
import { jwe, OTHER_SIGNATURE, sealedJson, SIGNATURE } from "../seal-keys/testing/sealed.ts";
import { registerFlow } from "./register-flow.ts";

let fixture: ScheduleFixture;
beforeAll(async () => {
  fixture = await startScheduleFixture();
});
afterAll(async () => {
  expect(await fixture.stop()).toEqual([]);
});

const register = (name: string, changes: object) =>
  registerFlow(fixture.pool, {
    tenantId: fixture.tenantId,
    project: "default",
    registration: registration(name, changes),
  });

async function versionOf(name: string) {
  const { rows } = await fixture.pool.query(
    `select v.number, v.signature, v.parameter_defaults, v.run_config, v.storage from flow_versions v
     join flows f on f.id = v.flow_id where f.name = $1 and v.archived_at is null`,
    [name],
  );
  expect(rows).toHaveLength(1);
  return rows[0];
}

test("another signature is the same version, with the newest signature; one without leaves it", async () => {
  const first = await register("signed", { signature: SIGNATURE });
  expect(await register("signed", { signature: OTHER_SIGNATURE })).toEqual({ ...first, created: false });
  expect(await versionOf("signed")).toMatchObject({ number: 1, signature: OTHER_SIGNATURE });
  expect(await register("signed", {})).toMatchObject({ created: false });
  expect(await versionOf("signed")).toMatchObject({ signature: OTHER_SIGNATURE });
});

test("values that are sealed anew are the same version, and take the place of the older ones together with the signature", async () => {
  const sealed = (text: string) => ({ parameterDefaults: sealedJson(text), runConfig: sealedJson(text) });
  await register("sealed", { ...sealed("one"), signature: SIGNATURE });
  expect(await register("sealed", { ...sealed("two"), signature: OTHER_SIGNATURE })).toMatchObject({ created: false });
  expect(await versionOf("sealed")).toMatchObject({
    number: 1,
    parameter_defaults: sealedJson("two"),
    run_config: sealedJson("two"),
    signature: OTHER_SIGNATURE,
  });
  await register("sealed", sealed("three"));
  expect(await versionOf("sealed")).toMatchObject({ parameter_defaults: sealedJson("three"), signature: null });
});

test("what was plain and is sealed now is a new version, and so is other code, and another boundary", async () => {
  await register("changing", { parameterDefaults: { a: 1 } });
  for (const changes of [
    { parameterDefaults: sealedJson("a") },
    { parameterDefaults: sealedJson("b"), description: "new" },
    { parameterDefaults: sealedJson("c"), description: "new", boundary: { log: "seal" } },
  ])
    expect(await register("changing", changes)).toMatchObject({ created: true });
  expect(await versionOf("changing")).toMatchObject({ number: 4 });
});

test("a sealed storage is a new version each time: nobody here can tell whether its code is the same", async () => {
  const storage = { kind: "sealed", box: jwe("where") };
  expect(await register("hidden", { storage })).toMatchObject({ created: true });
  expect(await register("hidden", { storage })).toMatchObject({ created: true });
  expect(await versionOf("hidden")).toMatchObject({ number: 2, storage });
});

test("a schedule whose parameters are sealed anew stays what it is; runs that come get the newest", async () => {
  const nightly = (text: string): ScheduleDefinition =>
    schedule({ everySeconds: 3600 }, { parameters: sealedJson(text) });
  await register("nightly", { schedules: [nightly("one")] });
  await fixture.pool.query("update schedules set planned_until = '2026-01-01T00:30:00Z'");
  expect(await register("nightly", { schedules: [nightly("two")] })).toMatchObject({ created: false });
  const { rows } = await fixture.pool.query<{ definition: ScheduleDefinition; planned: Date }>(
    "select definition, planned_until as planned from schedules",
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.definition.parameters).toEqual(sealedJson("two"));
  // A schedule that was replaced would begin now, and forget what it has to catch up.
  expect(rows[0]?.planned).toEqual(new Date("2026-01-01T00:30:00Z"));
});

test("signed schedules whose parameters are sealed anew are a new version: runs that were planned before keep theirs", async () => {
  const nightly = (text: string): ScheduleDefinition =>
    schedule({ everySeconds: 3600 }, { parameters: sealedJson(text) });
  const signed = (text: string) => ({ schedules: [nightly(text)], signature: SIGNATURE });
  expect(await register("signed-nightly", signed("one"))).toMatchObject({ created: true });
  expect(await register("signed-nightly", signed("two"))).toMatchObject({ created: true });
});

test("a registration that is sealed may be longer than a plain one by what sealing takes", async () => {
  const box = (bytes: number) => ({ storage: { kind: "sealed", box: { ...jwe(""), ciphertext: "x".repeat(bytes) } } });
  expect(await register("long", box(LIMITS.registrationBytes * 1.4))).toMatchObject({ created: true });
  for (const changes of [box(LIMITS.registrationBytes * 1.6), { runConfig: "x".repeat(LIMITS.registrationBytes) }])
    await expect(register("longer", changes)).rejects.toMatchObject({ code: "TOO_LARGE" });
});

test.each([
  ["parameterDefaults", { parameterDefaults: { $sealed: 5 } }],
  ["runConfig", { runConfig: { $sealed: { ciphertext: "x" } } }],
  ["storage", { storage: { kind: "sealed", box: { recipients: [] } } }],
])("what says that it is sealed and is not is refused: %s", async (name, changes) => {
  await expect(register("odd", changes)).rejects.toMatchObject({
    code: "INVALID",
    message: expect.stringContaining(`/${name}`),
  });
});
