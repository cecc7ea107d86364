import { afterAll, beforeAll, expect, test } from "vitest";
import { schema } from "./schema.ts";
import { statementsOf } from "./testing/count-statements.ts";
import { furnishTenant } from "./testing/furnish-tenant.ts";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "./testing/graphql-fixture.ts";
import { narrowQueries } from "./testing/narrow-queries.ts";
import { largeFields, selectionOf, waysToTypes } from "./testing/selections.ts";

// How many statements a list takes may not depend on how many rows it has: every type of the schema, under lists of one and of many rows, and
// every field of it that leads on. Found in the schema: what is added later is counted here without a line of its own.

/** Answers of one run at a time: a page of runs with it is refused for what it costs. */
const REFUSED_FOR_COST = new Set(["FlowRun.holdings", "Holding"]);

const MANY = 15;

let cloud: GraphqlFixture;
let few: TestTenant;
let many: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  few = await cloud.makeTenant();
  many = await cloud.makeTenant();
  await furnishTenant(cloud, few, { canary: "few", rows: 1 });
  await furnishTenant(cloud, many, { canary: "many", rows: MANY });
});
afterAll(() => cloud.stop());

/** How often each statement was sent, without what grows inside it with the rows. */
function timesOf(sent: readonly string[]): Record<string, number> {
  const texts = sent.map((text) => text.replaceAll(/(\$\d+,?\s*)+/g, "$").slice(0, 300));
  return Object.fromEntries([...Map.groupBy(texts, (text) => text)].map(([text, same]) => [text, same.length]));
}

async function countOf(
  tenant: TestTenant,
  query: string,
): Promise<{ sent: Record<string, number>; rows: number; answer: string }> {
  let answer = "";
  const sent = await statementsOf(tenant.tenantId, async () => {
    answer = JSON.stringify((await cloud.post(tenant.userKey, query)).body);
  });
  return { sent: timesOf(sent), rows: answer.split("{").length, answer };
}

const LARGE = largeFields(schema);
const NARROW = narrowQueries(schema, MANY, LARGE).map(({ name, query }) => [name, query] as const);

/** Every type at the root of a list, with all that leads to one thing, two levels deep. */
const WIDE = [...waysToTypes(schema, MANY).values()]
  .filter(({ steps }) => steps === 1)
  .map(
    ({ type, query, root }) =>
      [
        `${root} with what each leads to`,
        query(selectionOf(type, { depth: 2, lists: false, without: LARGE })),
      ] as const,
  );

test.each([...NARROW, ...WIDE])("%s: as many statements for many rows as for few", async (name, query) => {
  const one = await countOf(few, query);
  const other = await countOf(many, query);
  if (REFUSED_FOR_COST.has(name)) {
    expect(one.answer).toMatch(/could answer \d+ fields/);
    return;
  }
  expect(one.answer).not.toContain('"errors"');
  expect(other.answer).not.toContain('"errors"');
  expect(
    other.sent,
    `${query}\nsent more statements for more rows: join them by context.batches, or let Prisma select them`,
  ).toEqual(one.sent);
});

test("there are more rows to count statements for", async () => {
  const agents = `{ agents(first: ${MANY}) { nodes { id } } }`;
  expect((await countOf(many, agents)).rows - (await countOf(few, agents)).rows).toBe(MANY - 1);
});
