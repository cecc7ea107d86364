import { afterAll, beforeAll, expect, test } from "vitest";
import { schema } from "./schema.ts";
import { argumentsFor, type Call, callOf, FORMS } from "./testing/calls.ts";
import { furnishTenant } from "./testing/furnish-tenant.ts";
import { startGraphqlFixture, type GraphqlFixture } from "./testing/graphql-fixture.ts";
import { type Place, placesOf, rootFields, takesId } from "./testing/places.ts";
import { rowDigests } from "./testing/row-digests.ts";
import { type Asker, askers } from "./testing/askers.ts";
import { makerOf, uselessMakers, type World } from "./testing/things.ts";

// Every place of the schema that takes an id, found in the schema itself: what is added later is asked here without a line of its own.
// Twice: as in production, and by a cloud whose database hides nothing, so that the tenant in each statement is seen to hold by itself.

const PLACES = rootFields(schema).flatMap(placesOf);
const OF_IDS = PLACES.filter(takesId);

/** Never used by anybody. */
const ABSENT = "01900000-0000-7000-8000-000000000000";

let cloud: GraphqlFixture;
let asking: Record<"both guards" | "code alone", Asker>;
let a: World;
let b: World;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  asking = await askers(cloud);
  const tenant = await cloud.makeTenant();
  a = { cloud, tenant, ...(await furnishTenant(cloud, tenant, { canary: "canary-of-a" })) };
  const other = await cloud.makeTenant();
  b = { cloud, tenant: other, ...(await furnishTenant(cloud, other, { canary: "own-of-b" })) };
});
afterAll(async () => {
  await asking["code alone"].close();
  await cloud.stop();
});

test("every place that takes an id says how one of somebody's things is made", () => {
  const missing = OF_IDS.filter((place) => makerOf(place) === undefined).map(
    ({ name }) =>
      `${name} takes an id: say in MAKERS of graphql/testing/things.ts, under "${name}", how to make a thing whose id belongs there.`,
  );
  expect(missing).toEqual([]);
  expect(uselessMakers(OF_IDS)).toEqual([]);
  expect(OF_IDS.length).toBeGreaterThan(8);
});

const GUARDS = ["both guards", "code alone"] as const;
const CASES = OF_IDS.flatMap((place) => GUARDS.map((guard) => [place.name, guard, place] as const));

/** What is answered, without the id itself: other bytes than these may not depend on whose it is. */
async function answerTo(guard: (typeof GUARDS)[number], world: World, { query, variables }: Call, id: string) {
  return (await asking[guard].ask(world.tenant.userKey, query, variables)).replaceAll(id, "ID");
}

const callWith = (place: Place, id: string, form: (typeof FORMS)[number]) =>
  callOf(place.root, argumentsFor(place.root, new Map([[place.path, id]])), form);

test.each(CASES)(
  "%s tells another tenant nothing of an id, and does nothing to it: %s",
  async (_name, guard, place) => {
    const id = (await makerOf(place)?.(a)) ?? "none";
    const before = await rowDigests(cloud.database.pool, a.tenant.tenantId);
    for (const form of FORMS) {
      const told = await answerTo(guard, b, callWith(place, id, form), id);
      expect(told, form).toBe(await answerTo(guard, b, callWith(place, ABSENT, form), ABSENT));
      expect(told, form).not.toContain(a.canary);
    }
    expect(await rowDigests(cloud.database.pool, a.tenant.tenantId)).toEqual(before);
    // It says something only when the id is one that its owner is answered otherwise for.
    const owners = await answerTo(guard, a, callWith(place, id, "variables"), id);
    expect(owners).not.toBe(await answerTo(guard, a, callWith(place, ABSENT, "variables"), ABSENT));
  },
);

test.each(GUARDS)("one's own beside another's: only the own is answered: %s", async (guard) => {
  const place = OF_IDS.find(({ name }) => name === "flowRun.id");
  if (place === undefined) throw new Error("flowRun(id) is gone.");
  const id = (await makerOf(place)?.(a)) ?? "none";
  const query = `query ($own: ID!, $other: ID!) { one: flowRun(id: $own) { name } other: flowRun(id: $other) { name } }`;
  const told = await asking[guard].ask(b.tenant.userKey, query, { own: b.run, other: id });
  expect(JSON.parse(told)).toMatchObject({ data: { one: { name: "own-of-b-1" }, other: null } });
});
