import type { Furnished } from "./furnish-tenant.ts";
import { createRun, type GraphqlFixture, registration, type TestTenant } from "./graphql-fixture.ts";
import type { Place } from "./places.ts";

/** Whose things are made, and where. */
export interface World extends Furnished {
  readonly cloud: GraphqlFixture;
  readonly tenant: TestTenant;
}

type Make = (world: World) => Promise<string>;

let made = 0;

/** A run that waits: for each call another. */
export const makeRun: Make = ({ cloud, tenant, canary, project, flow }) =>
  createRun(cloud, tenant, flow, { project, name: `${canary}-made-${(made += 1)}` });

const makeEndedRun: Make = async (world) => {
  const id = await makeRun(world);
  await world.cloud.ask(world.tenant, "mutation ($id: ID!) { cancelFlowRun(id: $id) { __typename } }", { id });
  return id;
};

const makeKey: Make = async ({ cloud, tenant, canary }) => {
  const create = `mutation ($name: String!) { createApiKey(input: { name: $name, scope: user }) { ... on CreateApiKeyPayload { apiKey { id } } } }`;
  const name = `${canary}-key-${(made += 1)}`;
  const { createApiKey } = await cloud.ask<{ createApiKey: { apiKey: { id: string } } }>(tenant, create, { name });
  return createApiKey.apiKey.id;
};

const makeSchedule: Make = async ({ cloud, tenant, project, flow }) => {
  const own = "query ($project: String!, $flow: String!) { flow(project: $project, name: $flow) { schedules { id } } }";
  const asked = await cloud.ask<{ flow: { schedules: { id: string }[] } }>(tenant, own, { project, flow });
  return asked.flow.schedules[0]?.id ?? "";
};

let flows = 0;

/** A flow of its own with one version, and no run that waits. */
async function makeFlow({ cloud, tenant, canary, project }: World): Promise<{ id: string; version: string }> {
  const register = `mutation ($input: RegisterFlowInput!) {
    registerFlow(input: $input) { ... on RegisterFlowPayload { flowVersion { id flow { id } } } }
  }`;
  const input = { project, registration: registration(`${canary}-made-flow-${(flows += 1)}`) };
  const { registerFlow } = await cloud.ask<{ registerFlow: { flowVersion: { id: string; flow: { id: string } } } }>(
    tenant,
    register,
    { input },
  );
  return { id: registerFlow.flowVersion.flow.id, version: registerFlow.flowVersion.id };
}

const makeFlowId: Make = async (world) => (await makeFlow(world)).id;
const makeVersion: Make = async (world) => (await makeFlow(world)).version;

/** Whoever did something: the credential that asks. */
const ownKey: Make = async ({ cloud, tenant }) =>
  (await cloud.ask<{ viewer: { keyId: string } }>(tenant, "{ viewer { keyId } }")).viewer.keyId;

/**
 * For each place of the schema that takes an id, how to make a thing whose id belongs there. By `field.path`, or by `*.leaf` where the last word
 * says what it is of.
 */
const MAKERS: Readonly<Record<string, Make>> = {
  "*.flowRunId": makeRun,
  "archiveFlowVersion.id": makeVersion,
  "auditLog.filter.actorId": ownKey,
  "cancelFlowRun.id": makeRun,
  "deleteFlow.id": makeFlowId,
  "flowRun.id": makeRun,
  "flowRunUpdates.id": makeEndedRun,
  "moveFlow.input.id": makeFlowId,
  "pauseFlowRun.id": makeRun,
  "restartFlowRun.id": makeEndedRun,
  "resumeFlowRun.id": makeRun,
  "revokeApiKey.id": makeKey,
  "setScheduleActive.id": makeSchedule,
  "unarchiveFlowVersion.id": makeVersion,
};

/** How to make a thing for a place; undefined where nobody has said yet. */
export const makerOf = ({ name, leaf }: Place): Make | undefined => MAKERS[name] ?? MAKERS[`*.${leaf}`];

/** Entries that no place of the schema has any use for. */
export function uselessMakers(places: readonly Place[]): string[] {
  const used = new Set(places.map(({ name, leaf }) => (MAKERS[name] === undefined ? `*.${leaf}` : name)));
  return Object.keys(MAKERS).filter((name) => !used.has(name));
}

/** Texts that name a thing of a tenant, by the last word of their place or by the whole of it. */
const NAMES: Readonly<Record<string, (world: Furnished) => string>> = {
  "*.project": ({ project }) => project,
  "*.flow": ({ flow }) => flow,
  "*.tag": ({ tag }) => tag,
  "*.label": ({ label }) => label,
  "*.agent": ({ agent }) => agent,
  "flow.name": ({ flow }) => flow,
  "createProject.input.name": ({ project }) => project,
  "deleteProject.name": ({ project }) => project,
  "pauseAgent.input.name": ({ agent }) => agent,
  "resumeAgent.name": ({ agent }) => agent,
};

/** Texts that name nothing that a tenant has already: what somebody says, and what is made. */
const FREE_TEXTS: ReadonlySet<string> = new Set([
  "*.after",
  "auditLog.filter.action",
  "*.before",
  "*.idempotencyKey",
  "*.message",
  "*.reason",
  "*.signature",
  "createApiKey.input.name",
  "createFlowRun.input.labels",
  "createFlowRun.input.name",
  "renameProject.input.name",
]);

const listed = <T>({ name, leaf }: Place, has: (key: string) => T): T =>
  has(name.replaceAll("[]", "")) || has(`*.${leaf}`);

/** The name of a thing of a tenant that fits a place, or undefined where the text names nothing. */
export function nameOf(place: Place, world: Furnished): string | undefined {
  return place.type === "String" ? listed(place, (key) => NAMES[key])?.(world) : undefined;
}

/** Whether it is known of a text that it names nothing. */
export const isFreeText = (place: Place) => listed(place, (key) => FREE_TEXTS.has(key));
