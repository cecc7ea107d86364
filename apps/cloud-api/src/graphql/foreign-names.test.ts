import { afterAll, beforeAll, expect, test } from "vitest";
import { getNamedType, isObjectType } from "./graphql-js.ts";
import { schema } from "./schema.ts";
import { type Asker, askers } from "./testing/askers.ts";
import { argumentsFor, callOf } from "./testing/calls.ts";
import { type Furnished, furnishTenant, namesOf } from "./testing/furnish-tenant.ts";
import { type GraphqlFixture, startGraphqlFixture } from "./testing/graphql-fixture.ts";
import { placesOf, type RootField, rootFields, takesCursor, takesId } from "./testing/places.ts";
import { rowDigests } from "./testing/row-digests.ts";
import { isConnection, waysToTypes } from "./testing/selections.ts";
import { isFreeText, nameOf, type World } from "./testing/things.ts";

// What a client can write besides ids and yet mean somebody's things by: names, filters by name, and cursors, which hold ids. Found in the schema.

const GUARDS = ["both guards", "code alone"] as const;
const NOBODYS: Furnished = { canary: "nobodys", ...namesOf("nobodys"), run: "nobodys" };

let cloud: GraphqlFixture;
let asking: Record<(typeof GUARDS)[number], Asker>;
let a: World;
let b: World;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  asking = await askers(cloud);
  const worldOf = async (canary: string): Promise<World> => {
    const tenant = await cloud.makeTenant();
    return { cloud, tenant, ...(await furnishTenant(cloud, tenant, { canary, rows: 2 })) };
  };
  a = await worldOf("canary-of-a");
  b = await worldOf("own-of-b");
});
afterAll(async () => {
  await asking["code alone"].close();
  await cloud.stop();
});

const namesIn = (root: RootField, whose: Furnished) =>
  new Map(
    placesOf(root).flatMap((place) => {
      const name = nameOf(place, whose);
      return name === undefined ? [] : [[place.path, name] as const];
    }),
  );

const BY_NAME = rootFields(schema).filter((root) => namesIn(root, NOBODYS).size > 0);
const NAME_CASES = BY_NAME.flatMap((root) => GUARDS.map((guard) => [root.field.name, guard, root] as const));

test("of every text that a client may write it is known whether it names somebody's thing", () => {
  const places = rootFields(schema)
    .flatMap(placesOf)
    .filter(({ type }) => type === "String");
  const unknown = places.filter(
    (place) => nameOf(place, NOBODYS) === undefined && !isFreeText(place) && !takesId(place),
  );
  expect(
    unknown.map(({ name }) => `${name}: put it into NAMES of graphql/testing/things.ts, or into FREE_TEXTS.`),
  ).toEqual([]);
  expect(places.length).toBeGreaterThan(20);
});

/** Of things that the call made, and so different each time. */
const MADE = /[0-9a-f]{8}-[\da-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** What a tenant that has nothing is told: for each call another, since a call may leave something. */
async function toldOf(guard: (typeof GUARDS)[number], root: RootField, whose: Furnished): Promise<string> {
  const { userKey } = await cloud.makeTenant();
  const { query, variables } = callOf(root, argumentsFor(root, namesIn(root, whose)), "variables");
  const told = await asking[guard].ask(userKey, query, variables);
  return Object.values({ ...whose, canary: whose.project }).reduce(
    (text, name) => text.replaceAll(name, "NAME"),
    told.replaceAll(MADE, ""),
  );
}

test.each(NAME_CASES)("%s: names of another tenant are as free as nobody's: %s", async (_name, guard, root) => {
  const before = await rowDigests(cloud.database.pool, a.tenant.tenantId);
  const told = await toldOf(guard, root, a);
  expect(told).toBe(await toldOf(guard, root, NOBODYS));
  expect(told).not.toContain(a.canary);
  expect(await rowDigests(cloud.database.pool, a.tenant.tenantId)).toEqual(before);
});

/** Every connection of the schema, and how to get at it. */
function connections() {
  const ways = [...waysToTypes(schema).values()].map(({ type, query }) => ({ type, query }));
  const roots = rootFields(schema).filter(({ kind }) => kind === "query");
  const atRoot = roots.map(({ field }) => ({ owner: "Query", field, query: (inner: string) => `{ ${inner} }` }));
  const below = ways.flatMap(({ type, query }) =>
    Object.values(type.getFields()).map((field) => ({
      owner: type.name,
      field,
      query: (inner: string) => query(`{ ${inner} }`),
    })),
  );
  return [...atRoot, ...below].filter(({ field }) => {
    const type = getNamedType(field.type);
    return isObjectType(type) && isConnection(type);
  });
}

const CURSOR_CASES = connections().flatMap(({ owner, field, query }) =>
  GUARDS.map((guard) => [`${owner}.${field.name}`, guard, field, query] as const),
);

const cursorsOf = (answer: string) => [...answer.matchAll(/"cursor":"([^"]+)"/g)].map(([, cursor]) => cursor ?? "");

/** Sorts beside a cursor and is nobody's: no row of anybody lies between. */
const neighbourOf = (cursor: string) => cursor.replace(/[0-9a-f]$/, (last) => (last === "0" ? "1" : "0"));
const IS_ID = /^[\da-f]{8}-[\da-f-]{27}$/;

test.each(CURSOR_CASES)("%s: cursors of another tenant's rows: %s", async (_name, guard, field, query) => {
  const asked = (key: string, page: string) =>
    asking[guard].ask(
      key,
      query(`${field.name}(${page}) { edges { cursor } pageInfo { hasNextPage hasPreviousPage } }`),
    );
  const own = await asked(b.tenant.userKey, "first: 100");
  const cursors = cursorsOf(await asked(a.tenant.userKey, "first: 100"));
  expect(cursors, `the tenant has nothing in ${field.name}: give it some in testing/furnish-tenant.ts`).not.toEqual([]);
  for (const cursor of cursors.slice(0, 3))
    for (const page of [`first: 5, after:`, `last: 5, before:`]) {
      const told = await asked(b.tenant.userKey, `${page} ${JSON.stringify(cursor)}`);
      expect(cursorsOf(told).filter((one) => !cursorsOf(own).includes(one))).toEqual([]);
      expect(JSON.parse(told)).not.toHaveProperty("errors");
      if (!IS_ID.test(cursor)) continue;
      expect(told).toBe(await asked(b.tenant.userKey, `${page} ${JSON.stringify(neighbourOf(cursor))}`));
    }
});

test("every cursor of the schema is an argument of a connection", () => {
  const places = rootFields(schema)
    .filter(({ kind }) => kind !== "subscription")
    .flatMap(placesOf)
    .filter(takesCursor);
  const known = new Set(connections().map(({ field }) => field.name));
  expect(places.filter(({ root }) => !known.has(root.field.name)).map(({ name }) => name)).toEqual([]);
});
