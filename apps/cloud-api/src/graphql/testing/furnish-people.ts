import { makeId } from "@weir/protocol";
import type { GraphqlFixture, TestTenant } from "./graphql-fixture.ts";

const REFUSED = "... on Refusal { message }";

const ROLE = `mutation ($name: String!) { made: createRole(input: { name: $name, permissions: ["flow:read"] }) { __typename ${REFUSED} } }`;
const SERVICE = `mutation ($name: String!) { made: createServiceAccount(input: { name: $name }) { __typename ${REFUSED} } }`;
const INVITE = `mutation ($email: String!) { made: inviteMember(input: { email: $email, role: "viewer" }) { __typename ${REFUSED} } }`;
/** Gives a tenant a member, an invitation, a role and a service account, all called by the canary. */
export async function furnishPeople(cloud: GraphqlFixture, tenant: TestTenant, canary: string): Promise<void> {
  const make = async (mutation: string, variables: object) => {
    const { made } = await cloud.ask<{ made: { __typename: string; message?: string } }>(tenant, mutation, variables);
    if (made.__typename === "Refusal") throw new Error(made.message);
  };
  await make(ROLE, { name: `${canary}-role` });
  await make(SERVICE, { name: `${canary}-service` });
  await make(INVITE, { email: `${canary}@invited.example` });
  await makeMember(cloud, tenant, canary);
}

/** Answers the id of the membership. */
export async function makeMember(
  { database: { pool } }: GraphqlFixture,
  { tenantId }: TestTenant,
  canary: string,
): Promise<string> {
  const [user, membership] = [makeId(), makeId()];
  await pool.query("insert into users (id, email, name) values ($1, $2, $3)", [
    user,
    `${canary}-${user}@member.example`,
    canary,
  ]);
  await pool.query("insert into memberships (id, tenant_id, user_id, role) values ($1, $2, $3, 'viewer')", [
    membership,
    tenantId,
    user,
  ]);
  return membership;
}

/** Single sign-on of a tenant, as it is kept: making it by the door would ask the provider. */
export async function makeIdentityProvider(
  { database: { pool } }: GraphqlFixture,
  { tenantId }: TestTenant,
): Promise<void> {
  await pool.query(
    `insert into identity_providers (tenant_id, issuer, client_id, client_secret, email_domains, role)
     values ($1, 'https://login.example', 'client', '\\x00', '{}', 'viewer')`,
    [tenantId],
  );
}
