import { LIMITS } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, makeTenant, startDoor } from "../run-door/testing/door-fixture.ts";
import { createFlowRun } from "./create-flow-run.ts";

let door: DoorFixture;
beforeAll(async () => {
  door = await startDoor();
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

const wish = (more: object = {}) => ({ tenantId: door.tenantId, project: "p", flow: "f", ...more });
const create = (more: object = {}) => createFlowRun(door.pool, wish(more));
const count = async () =>
  (await door.pool.query<{ n: number }>(`select count(*)::int4 as n from flow_runs`)).rows[0]?.n;

test("a run is Scheduled, with a name of its own and its first history row", async () => {
  const { id, created } = await create();
  expect(created).toBe(true);
  expect(await door.run(id)).toMatchObject({
    state: "Scheduled",
    attempt: 0,
    history: ["Scheduled"],
    messages: ["created"],
  });
  const { rows } = await door.pool.query(`select name, parameters, labels from flow_runs where id = $1`, [id]);
  expect(rows).toEqual([{ name: `f-${id.slice(-8)}`, parameters: {}, labels: [] }]);
});

test("an idempotency key makes one run, however often and at whatever moment it is asked", async () => {
  const made = await Promise.all(Array.from({ length: 10 }, () => create({ idempotencyKey: "once" })));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(made.filter(({ created }) => created)).toHaveLength(1);
});

test("an idempotency key is its tenant's own, and its flow's", async () => {
  const { id } = await create({ idempotencyKey: "mine" });
  const other = await createFlowRun(door.pool, {
    ...wish({ idempotencyKey: "mine" }),
    tenantId: await makeTenant(door.pool),
  });
  expect(other.created).toBe(true);
  expect(other.id).not.toBe(id);
  await door.pool.query(
    `with f as (insert into flows (id, tenant_id, project_id, name) select gen_random_uuid(), tenant_id, id, 'g' from projects where tenant_id = $1 returning *)
     insert into flow_versions (id, tenant_id, flow_id, number, content_digest, labels, tasks, storage, sdk_version)
     select gen_random_uuid(), tenant_id, id, 1, 'd', '{}', '[]', '{}', '1' from f`,
    [door.tenantId],
  );
  await expect(create({ flow: "g", idempotencyKey: "mine" })).rejects.toMatchObject({ code: "CONFLICT" });
});

test("an unknown project or flow is named, and nothing is written", async () => {
  const before = await count();
  await expect(create({ project: "nope" })).rejects.toThrow(
    'There is no project "nope". Create it, or check its name.',
  );
  await expect(create({ flow: "nope" })).rejects.toThrow('There is no flow "nope" in the project "p". Register it');
  await expect(create({ parameters: [] })).rejects.toMatchObject({ code: "PARAMETERS_INVALID" });
  expect(await count()).toBe(before);
});

test("words that are too long, empty or cannot be stored are refused with their name", async () => {
  await expect(create({ name: "x".repeat(LIMITS.nameLength + 1) })).rejects.toThrow(
    "name has 201 characters; it takes 1 to 200.",
  );
  await expect(create({ name: "" })).rejects.toThrow("name has 0 characters");
  await expect(create({ idempotencyKey: "a\u0000" })).rejects.toThrow(
    "idempotencyKey holds a character that cannot be stored",
  );
  await expect(create({ flow: "\ud800" })).rejects.toThrow("flow holds a character that cannot be stored");
  await expect(create({ labels: Array(LIMITS.labels + 1).fill("a") })).rejects.toThrow(
    "The run has 51 labels; the most is 50.",
  );
  await expect(create({ scheduledStartTime: new Date("never") })).rejects.toThrow("scheduledStartTime is no date");
});

test("defaults and the schema of the newest version apply", async () => {
  const parameterSchema = {
    type: "object",
    properties: { top: { type: "integer" } },
    required: ["top"],
    additionalProperties: false,
  };
  const tenantId = await makeTenant(door.pool, { parameterSchema, parameterDefaults: { top: 0 } });
  const { id } = await createFlowRun(door.pool, { tenantId, project: "p", flow: "f" });
  const { rows } = await door.pool.query(`select parameters from flow_runs where id = $1`, [id]);
  expect(rows).toEqual([{ parameters: { top: 0 } }]);
  const wrong = createFlowRun(door.pool, { tenantId, project: "p", flow: "f", parameters: { top: "5" } });
  await expect(wrong).rejects.toThrow('"top" must be integer.');
});
