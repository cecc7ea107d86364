import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "../api-keys/api-keys.ts";
import type { TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { PASSWORD, type PeopleFixture, startPeople, type TestPerson } from "./testing/people-fixture.ts";

let cloud: PeopleFixture;

beforeAll(async () => {
  cloud = await startPeople();
});
afterAll(() => cloud.stop());

const INVITE = `mutation ($email: String!, $role: String!) { inviteMember(input: { email: $email, role: $role }) {
  ... on InviteMemberPayload { invitation { id email role acceptedAt revokedAt } path } ... on Refusal { code message } } }`;
const REVOKE = `mutation ($id: ID!) { revokeInvitation(id: $id) {
  ... on RevokeInvitationPayload { invitation { id revokedAt } } ... on Refusal { code message } } }`;
const CHANGE = `mutation ($id: ID!, $role: String!) { changeMemberRole(input: { id: $id, role: $role }) {
  ... on ChangeMemberRolePayload { member { email role } } ... on Refusal { code message } } }`;
const REMOVE = `mutation ($id: ID!) { removeMember(id: $id) { ... on RemoveMemberPayload { id } ... on Refusal { code message } } }`;
const MEMBERS = "{ members { nodes { id email role } } }";

interface Invited {
  readonly inviteMember: {
    readonly path?: string;
    readonly code?: string;
    readonly invitation?: { readonly id: string };
  };
}
interface Members {
  readonly members: {
    readonly nodes: readonly { readonly id: string; readonly email: string; readonly role: string }[];
  };
}

async function idOf(tenant: TestTenant, email: string): Promise<string> {
  const { members } = await cloud.ask<Members>(tenant, MEMBERS);
  return members.nodes.find((member) => member.email === email)?.id ?? makeId();
}

async function tenantWith(...people: [email: string, role: string][]): Promise<[TestTenant, ...TestPerson[]]> {
  const tenant = await cloud.makeTenant();
  const joined = [];
  for (const [email, role] of people) joined.push(await cloud.join(tenant, email, role));
  return [tenant, ...joined];
}

test("a member gets a role of the tenant's own by its name; another tenant's of that name is none", async () => {
  const [tenant] = await tenantWith(["starter@x.example", "viewer"]);
  const [other] = await tenantWith(["starter@y.example", "viewer"]);
  const role = `mutation { createRole(input: { name: "starters", permissions: ["run:start"] }) { __typename } }`;
  expect(await cloud.ask(tenant, role)).toEqual({ createRole: { __typename: "CreateRolePayload" } });
  const change = async (of: TestTenant, email: string) =>
    await cloud.ask(of, CHANGE, { id: await idOf(of, email), role: "starters" });
  expect(await change(tenant, "starter@x.example")).toEqual({
    changeMemberRole: { member: { email: "starter@x.example", role: "starters" } },
  });
  expect(await change(other, "starter@y.example")).toMatchObject({ changeMemberRole: { code: "NOT_FOUND" } });
});

test("somebody is invited, joins by the link, and stands among the members; others are told nothing of it", async () => {
  const [tenant, owner] = await tenantWith(["owner1@x.example", "owner"]);
  const other = await cloud.makeTenant();
  const { inviteMember } = (await owner?.ask<Invited>(INVITE, { email: "Bob@X.example", role: "developer" })) ?? {};
  expect(inviteMember).toMatchObject({
    invitation: { email: "bob@x.example", role: "developer", acceptedAt: null, revokedAt: null },
    path: expect.stringMatching(/^\/auth\/invitation#[\w-]{43}$/),
  });
  const token = inviteMember?.path?.split("#")[1];
  const joined = await cloud.browser().post("/auth/invitation/accept", { token, password: PASSWORD, name: "Bob" });
  expect(joined.status).toBe(204);
  const people = "{ members { nodes { email name role } } invitations { nodes { email acceptedAt } } }";
  expect(await cloud.ask(tenant, people)).toEqual({
    members: {
      nodes: [
        { email: "bob@x.example", name: "Bob", role: "developer" },
        { email: "owner1@x.example", name: null, role: "owner" },
      ],
    },
    invitations: {
      nodes: [
        { email: "bob@x.example", acceptedAt: expect.any(String) as string },
        { email: "owner1@x.example", acceptedAt: expect.any(String) as string },
      ],
    },
  });
  expect(await cloud.ask(other, people)).toEqual({ members: { nodes: [] }, invitations: { nodes: [] } });
  expect(await owner?.ask(INVITE, { email: "bob@x.example", role: "viewer" })).toMatchObject({
    inviteMember: { code: "CONFLICT" },
  });
});

test("an invitation that was taken back opens nothing; one of another tenant is not found", async () => {
  const [tenant] = await tenantWith();
  const { inviteMember } = await cloud.ask<Invited>(tenant, INVITE, { email: "gone@x.example", role: "viewer" });
  const { id } = inviteMember.invitation ?? { id: "" };
  expect(await cloud.ask(await cloud.makeTenant(), REVOKE, { id })).toMatchObject({
    revokeInvitation: { code: "NOT_FOUND" },
  });
  expect(await cloud.ask(tenant, REVOKE, { id })).toEqual({
    revokeInvitation: { invitation: { id, revokedAt: expect.any(String) as string } },
  });
  const token = inviteMember.path?.split("#")[1];
  expect((await cloud.browser().post("/auth/invitation/accept", { token, password: PASSWORD })).status).toBe(404);
});

test("nobody gives more than they hold, nor decides about somebody who holds more", async () => {
  const [tenant, , admin] = await tenantWith(["owner2@x.example", "owner"], ["admin2@x.example", "admin"]);
  const owner = await idOf(tenant, "owner2@x.example");
  const own = await idOf(tenant, "admin2@x.example");
  expect(await admin?.ask(INVITE, { email: "c@x.example", role: "owner" })).toMatchObject({
    inviteMember: { code: "FORBIDDEN", message: expect.stringContaining("tenant:write") as string },
  });
  expect(await admin?.ask(CHANGE, { id: own, role: "owner" })).toMatchObject({
    changeMemberRole: { code: "FORBIDDEN" },
  });
  expect(await admin?.ask(CHANGE, { id: owner, role: "viewer" })).toMatchObject({
    changeMemberRole: { code: "FORBIDDEN" },
  });
  expect(await admin?.ask(REMOVE, { id: owner })).toMatchObject({ removeMember: { code: "FORBIDDEN" } });
  expect(await admin?.ask(INVITE, { email: "c@x.example", role: "agent" })).toMatchObject({
    inviteMember: { code: "INVALID" },
  });
  expect(await admin?.ask(INVITE, { email: "c@x.example", role: "king" })).toMatchObject({
    inviteMember: { code: "NOT_FOUND" },
  });
  expect((await cloud.ask<Members>(tenant, MEMBERS)).members.nodes.map(({ role }) => role)).toEqual(["admin", "owner"]);
});

test("the last owner stays, also when two owners remove each other at one moment", async () => {
  const [tenant, first, second] = await tenantWith(["owner3@x.example", "owner"], ["owner4@x.example", "owner"]);
  const ids = [await idOf(tenant, "owner3@x.example"), await idOf(tenant, "owner4@x.example")];
  // The second finds itself removed, or its own session over.
  await Promise.allSettled([first?.ask(REMOVE, { id: ids[1] }), second?.ask(REMOVE, { id: ids[0] })]);
  const { members } = await cloud.ask<Members>(tenant, MEMBERS);
  expect(members.nodes).toHaveLength(1);
  const [last] = members.nodes;
  expect(await cloud.ask(tenant, REMOVE, { id: last?.id })).toMatchObject({ removeMember: { code: "CONFLICT" } });
  expect(await cloud.ask(tenant, CHANGE, { id: last?.id, role: "admin" })).toMatchObject({
    changeMemberRole: { code: "CONFLICT" },
  });
});

test("another role acts at once on the session; less ends the person's keys, more leaves them", async () => {
  const [tenant, , person] = await tenantWith(["owner5@x.example", "owner"], ["changed5@x.example", "operator"]);
  const id = await idOf(tenant, "changed5@x.example");
  const key = await keyOf(tenant, "changed5@x.example");
  const asks = async () => (await cloud.post(key, "{ viewer { scope } }")).status;
  expect(await cloud.ask(tenant, CHANGE, { id, role: "developer" })).toEqual({
    changeMemberRole: { member: { email: "changed5@x.example", role: "developer" } },
  });
  expect(await person?.ask(`mutation { createProject(input: { name: "mine" }) { __typename } }`)).toEqual({
    createProject: { __typename: "CreateProjectPayload" },
  });
  expect(await asks()).toBe(200);
  await cloud.ask(tenant, CHANGE, { id, role: "viewer" });
  const more = `mutation { createProject(input: { name: "more" }) { ... on Refusal { code } } }`;
  expect(await person?.ask(more)).toEqual({ createProject: { code: "FORBIDDEN" } });
  expect(await asks()).toBe(401);
});

test("who was removed has neither session nor key here, and is as before elsewhere", async () => {
  const [tenant, , person] = await tenantWith(["owner6@x.example", "owner"], ["removed6@x.example", "viewer"]);
  const other = await cloud.makeTenant();
  const elsewhere = cloud.browser();
  const token = await cloud.invited(other, "removed6@x.example", "viewer");
  await elsewhere.post("/auth/invitation/accept", { token, password: PASSWORD });
  const key = await keyOf(tenant, "removed6@x.example");
  const id = await idOf(tenant, "removed6@x.example");
  expect(await cloud.ask(other, REMOVE, { id })).toMatchObject({ removeMember: { code: "NOT_FOUND" } });
  expect(await cloud.ask(tenant, REMOVE, { id })).toEqual({ removeMember: { id } });
  expect((await person?.get("/auth/session"))?.status).toBe(401);
  expect((await cloud.post(key, "{ viewer { scope } }")).status).toBe(401);
  expect((await elsewhere.get("/auth/session")).status).toBe(200);
  const { rows } = await cloud.database.pool.query("select from users where email = 'removed6@x.example'");
  expect(rows).toHaveLength(1);
});

/** A key that a person made for themselves. */
async function keyOf({ tenantId }: TestTenant, email: string): Promise<string> {
  const wanted = { tenantId, name: "own", scope: "user", rights: { role: "viewer" } } as const;
  const { id, key } = await createApiKey(cloud.database.pool, cloud.deps.secrets, wanted);
  await cloud.database.pool.query(
    "update api_keys set user_id = (select id from users where email = $1) where id = $2",
    [email, id],
  );
  return key;
}
