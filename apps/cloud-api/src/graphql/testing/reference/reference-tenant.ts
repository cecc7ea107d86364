import { makeIdentityProvider, makeMember } from "../furnish-people.ts";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  registration,
  storyOf,
  type TestTenant,
} from "../graphql-fixture.ts";
import { placesOf, rootFields, takesId } from "../places.ts";
import { schema } from "../../schema.ts";
import { makerOf, type World } from "../things.ts";

/** Gives a tenant what the examples of docs/graphql.md call by name. */
export async function seedReference(cloud: GraphqlFixture, tenant: TestTenant): Promise<World> {
  const world: World = {
    cloud,
    tenant,
    canary: "example",
    project: "default",
    flow: "orders",
    tag: "database",
    label: "warehouse",
    agent: "agent-1",
    key: "orders/cursor",
    role: "auditor",
    schedule: "hourly",
    service: "ci",
    email: "grace@example.org",
    run: "",
  };
  await cloud.database.pool.query("update tenants set name = 'acme' where id = $1", [tenant.tenantId]);
  await cloud.ask(
    tenant,
    `mutation {
      staging: createProject(input: { name: "staging" }) { __typename }
      empty: createProject(input: { name: "empty" }) { __typename }
      trial: createProject(input: { name: "trial" }) { __typename }
      cursor: setKv(input: { key: "orders/cursor", value: 1 }) { __typename }
      old: setKv(input: { key: "orders/old", value: 1 }) { __typename }
      oldTag: setTaskLimit(input: { tag: "old", slots: 1 }) { __typename }
      oldLabel: setRunLimit(input: { label: "old", slots: 1 }) { __typename }
    }`,
  );
  await makeIdentityProvider(cloud, tenant);
  await makeMember(cloud, tenant, world.canary);
  await pausedRun(world, "agent-1");
  await createRun(cloud, tenant, world.flow);
  return world;
}

/** A run whose first task run waits for somebody's approval. */
async function pausedRun({ cloud, tenant, flow }: World, agentName: string): Promise<string> {
  const run = await createRun(cloud, tenant, flow);
  const agent = await enrolAgent(cloud, tenant, agentName);
  await agent.claim();
  const { begin, tasks } = storyOf(1);
  const [made] = tasks;
  const paused = { kind: "task", at: Date.now(), number: 1, state: "Paused", tryNumber: 1 } as const;
  await agent.report(run, [...begin, ...(made === undefined ? [] : [made]), paused]);
  return run;
}

async function waitingRun(
  { cloud, tenant, flow }: World,
  mutation?: "pauseFlowRun" | "cancelFlowRun",
): Promise<string> {
  const id = await createRun(cloud, tenant, flow);
  if (mutation !== undefined)
    await cloud.ask(tenant, `mutation ($id: ID!) { ${mutation}(id: $id) { __typename } }`, { id });
  return id;
}

async function ownSchedule({ cloud, tenant, schedule }: World): Promise<string> {
  const schedules = [{ name: schedule, zone: "UTC", clock: { everySeconds: 3_600 } }];
  const register = `mutation ($registration: JSON!) { registerFlow(input: { project: "default", registration: $registration }) {
    ... on RegisterFlowPayload { flowVersion { flow { schedules { id } } } } } }`;
  type Registered = { registerFlow: { flowVersion: { flow: { schedules: { id: string }[] } } } };
  const { registerFlow } = await cloud.ask<Registered>(tenant, register, {
    registration: registration("by-the-hour", { schedules }),
  });
  return registerFlow.flowVersion.flow.schedules[0]?.id ?? "none";
}

async function archivedVersion(world: World): Promise<string> {
  const { cloud, tenant } = world;
  const id = await idFor("archiveFlowVersion", world);
  await cloud.ask(tenant, "mutation ($id: ID!) { archiveFlowVersion(id: $id) { __typename } }", { id });
  return id;
}

/** Where a thing that was just made would be refused. */
const OF_OPERATIONS: Readonly<Record<string, (world: World) => Promise<string>>> = {
  approveTaskRun: (world) => pausedRun(world, "agent-2"),
  setScheduleActive: ownSchedule,
  resumeFlowRun: (world) => waitingRun(world, "pauseFlowRun"),
  unarchiveFlowVersion: archivedVersion,
  restartFlowRuns: (world) => waitingRun(world, "cancelFlowRun"),
};

/** An id that belongs into the example of an operation; "none" where it takes none. */
export async function idFor(operation: string, world: World): Promise<string> {
  const own = OF_OPERATIONS[operation];
  if (own !== undefined) return await own(world);
  const root = rootFields(schema).find(({ field }) => field.name === operation);
  const places = root === undefined ? [] : placesOf(root).filter(takesId);
  const needed = places.find(({ path }) => /^(input\.)?(id|ids\[\])$/.test(path));
  return needed === undefined ? "none" : ((await makerOf(needed)?.(world)) ?? "none");
}
