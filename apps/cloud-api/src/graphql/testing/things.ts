import { makeMember } from "./furnish-people.ts";
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

/** A thing that a mutation makes by a name of its own; its id. */
const byName =
  (mutation: string): Make =>
  async ({ cloud, tenant, canary }) => {
    const name = `${canary}-named-${(made += 1)}`;
    const answer = await cloud.ask<{ made: { thing: { id: string } } }>(tenant, mutation, { name });
    return answer.made.thing.id;
  };

const makeRole = byName(
  `mutation ($name: String!) { made: createRole(input: { name: $name, permissions: ["flow:read"] }) { ... on CreateRolePayload { thing: role { id } } } }`,
);
const makeServiceAccount = byName(
  `mutation ($name: String!) { made: createServiceAccount(input: { name: $name }) { ... on CreateServiceAccountPayload { thing: serviceAccount { id } } } }`,
);
const makeInvitation: Make = async ({ cloud, tenant, canary }) => {
  const invite = `mutation ($email: String!) { inviteMember(input: { email: $email, role: "viewer" }) { ... on InviteMemberPayload { invitation { id } } } }`;
  const email = `${canary}-${(made += 1)}@invited.example`;
  const answer = await cloud.ask<{ inviteMember: { invitation: { id: string } } }>(tenant, invite, { email });
  return answer.inviteMember.invitation.id;
};
const makeMembership: Make = ({ cloud, tenant, canary }) => makeMember(cloud, tenant, canary);

/** A run that has started another. */
const makeParent: Make = async (world) => {
  const [parent, child] = [await makeRun(world), await makeRun(world)];
  await world.cloud.database.pool.query("update flow_runs set parent_run_id = $1 where id = $2", [parent, child]);
  return parent;
};

/**
 * For each place of the schema that takes an id, how to make a thing whose id belongs there. By `field.path`, or by `*.leaf` where the last word
 * says what it is of.
 */
const MAKERS: Readonly<Record<string, Make>> = {
  "*.flowRunId": makeRun,
  "*.ids": makeRun,
  "*.parent": makeParent,
  "*.serviceAccountId": makeServiceAccount,
  "archiveFlowVersion.id": makeVersion,
  "auditLog.filter.actorId": ownKey,
  "cancelFlowRun.id": makeRun,
  "changeMemberRole.input.id": makeMembership,
  "changeRole.input.id": makeRole,
  "deleteFlow.id": makeFlowId,
  "deleteRole.id": makeRole,
  "deleteServiceAccount.id": makeServiceAccount,
  "flowById.id": makeFlowId,
  "flowRun.id": makeRun,
  "flowRunUpdates.id": makeEndedRun,
  "moveFlow.input.id": makeFlowId,
  "pauseFlowRun.id": makeRun,
  "removeMember.id": makeMembership,
  "renameFlowRun.input.id": makeRun,
  "restartFlowRun.id": makeEndedRun,
  "resumeFlowRun.id": makeRun,
  "revokeApiKey.id": makeKey,
  "revokeInvitation.id": makeInvitation,
  "rotateApiKey.id": makeKey,
  "setFlowRunLabels.input.id": makeRun,
  "setFlowRunState.input.id": makeRun,
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
  "*.schedule": ({ schedule }) => schedule,
  "*.nameContains": ({ canary }) => canary,
  "kv.key": ({ key }) => key,
  "kvEntries.prefix": ({ key }) => key,
  "setKv.input.key": ({ key }) => key,
  "deleteKv.input.key": ({ key }) => key,
  "changeMemberRole.input.role": ({ role }) => role,
  "createApiKey.input.role": ({ role }) => role,
  "createRole.input.name": ({ role }) => role,
  "createServiceAccount.input.name": ({ service }) => service,
  "inviteMember.input.email": ({ email }) => email,
  "inviteMember.input.role": ({ role }) => role,
  "setIdentityProvider.input.role": ({ role }) => role,
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
  "eraseHoldings.input.tenantName",
  "*.message",
  "*.allowedAddresses",
  "*.labels",
  "*.permissions",
  "*.description",
  "artifacts.name",
  "renameFlowRun.input.name",
  "setIdentityProvider.input.clientId",
  "setIdentityProvider.input.clientSecret",
  "setIdentityProvider.input.emailDomains",
  "setIdentityProvider.input.issuer",
  "*.reason",
  "*.signature",
  "createApiKey.input.name",
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
