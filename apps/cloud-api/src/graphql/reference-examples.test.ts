import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { schema } from "./schema.ts";
import { type GraphqlFixture, startGraphqlFixture } from "./testing/graphql-fixture.ts";
import { rootFields } from "./testing/places.ts";
import { pageCommands } from "./testing/reference/page-commands.ts";
import { idFor, seedReference } from "./testing/reference/reference-tenant.ts";
import type { World } from "./testing/things.ts";

// What docs/graphql.md tells people to type is typed here, by a shell, into a cloud that listens.

const PAGE = readFileSync(join(import.meta.dirname, "../../../../docs/graphql.md"), "utf8");
const [DEFINITIONS, ...COMMANDS] = pageCommands(PAGE);
const INTRODUCED = COMMANDS.filter(({ answer }) => answer !== null);
const OPERATIONS = COMMANDS.filter(({ answer }) => answer === null);

let cloud: GraphqlFixture;
let world: World;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  await cloud.app.listen({ port: 0, host: "127.0.0.1" });
  world = await seedReference(cloud, await cloud.makeTenant());
  const { port } = cloud.app.server.address() as AddressInfo;
  environment = {
    PATH: process.env.PATH,
    WEIR_API_URL: `http://127.0.0.1:${port}`,
    WEIR_API_KEY: world.tenant.userKey,
  };
});
afterAll(() => cloud.stop());

const run = promisify(execFile);

/** Runs commands of the page as a reader would: with the functions that it defines, and ids of one's own. */
async function typed(text: string, id: string): Promise<string> {
  const script = `${DEFINITIONS?.text}\n${text.replace(/"[A-Z_]+_(?:ID|CURSOR)"/g, `"${id}"`)}`;
  return (await run("sh", ["-euc", script], { env: environment })).stdout;
}

async function endCursor(): Promise<string> {
  const pages = await cloud.ask<{ flowRuns: { pageInfo: { endCursor: string } } }>(
    world.tenant,
    "{ flowRuns(first: 1) { pageInfo { endCursor } } }",
  );
  return pages.flowRuns.pageInfo.endCursor;
}

test("the page shows every root field once, and how to ask", () => {
  const names = rootFields(schema).map(({ field }) => field.name);
  expect(OPERATIONS.map(({ heading }) => heading).toSorted()).toEqual(names.toSorted());
  expect(DEFINITIONS?.text).toContain("curl");
  expect(INTRODUCED.length).toBeGreaterThan(7);
});

test.each(INTRODUCED.map((command) => [command.heading, command] as const))(
  "what stands under %s is answered as the page says",
  async (_heading, { text, answer }) => {
    expect(JSON.parse(await typed(text, await endCursor()))).toMatchObject(answer ?? {});
  },
);

test.each(OPERATIONS.map((command) => [command.heading, command] as const))(
  "%s: the example is answered, without an error or a refusal",
  async (operation, { text }) => {
    const told = await typed(text, await idFor(operation, world));
    const messages = text.startsWith("follow")
      ? [...told.matchAll(/^data: (\{.*\})$/gm)].map(([, data = ""]) => data)
      : [told];
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) {
      const { data, errors } = JSON.parse(message) as {
        data?: Record<string, { __typename?: string }>;
        errors?: object;
      };
      expect(errors, message).toBeUndefined();
      expect(data?.[operation], message).not.toBeNull();
      expect(data?.[operation]?.__typename, message).not.toBe("Refusal");
    }
  },
);
