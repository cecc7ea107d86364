import { makeId, Refusal } from "@weir/protocol";
import * as oidc from "openid-client";
import type { PoolClient } from "pg";
import type { AppDeps } from "../app.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { addMember } from "./invitations.ts";
import { type IdentityProvider, readIdentityProvider } from "./identity-provider.ts";
import { publicFetch } from "./public-fetch.ts";
import { openValue, sealValue } from "./sealed-value.ts";
import { beginSession, type NewSession } from "./sessions.ts";

// Authorization code with PKCE, state and nonce. What must be compared with the provider's answer goes round in a cookie that only this cloud can read.

/** How long a person may stay at the provider. */
export const SSO_SECONDS = 600;

interface Begun {
  readonly tenantId: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

type SsoDeps = Pick<AppDeps, "database" | "secrets" | "config" | "log">;

/**
 * Sends a person to the provider of a tenant.
 * @returns the provider's address, and what the browser keeps until it is back
 * @throws Refusal NOT_FOUND for a tenant without a provider, and for no tenant; UNAUTHENTICATED when the provider does not answer as one
 */
export async function beginSso(
  deps: SsoDeps,
  asked: { tenantName: string; redirectUri: string },
): Promise<{ location: string; cookie: string }> {
  const provider = await readIdentityProvider(deps.database.pool, deps.secrets, asked);
  if (provider === null) throw noProvider();
  const client = await clientOf(deps, provider);
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  const location = oidc.buildAuthorizationUrl(client, {
    redirect_uri: asked.redirectUri,
    scope: "openid email profile",
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  const begun: Begun = { tenantId: provider.tenantId, state, nonce, verifier, until: Date.now() + SSO_SECONDS * 1000 };
  const cookie = sealValue(deps.secrets.sealingKey, "sso", JSON.stringify(begun)).toString("base64url");
  return { location: location.href, cookie };
}

/**
 * Takes the provider's answer: makes a session in this tenant, of the member whom the provider vouches for; whoever was none becomes one.
 * @param answer the whole address to which the provider sent the browser
 * @throws Refusal UNAUTHENTICATED for an answer that does not belong to this browser, was used before, is another issuer's, or vouches for no address
 * that may come in
 */
export async function finishSso(deps: SsoDeps, answer: URL, cookie: string | null): Promise<NewSession> {
  const begun = opened(deps, cookie);
  const { pool } = deps.database;
  const provider = await readIdentityProvider(pool, deps.secrets, begun);
  if (provider === null) throw noProvider();
  const person = await vouchedFor(deps, provider, begun, answer);
  return await inTransaction(pool, async (client) => {
    const membershipId = await memberOf(client, provider, person);
    return await beginSession(client, deps.secrets, { tenantId: provider.tenantId, membershipId, method: "sso" });
  });
}

/** In whose tenant a browser asked to sign in; null where the cookie is none of this cloud, or too old. */
export function tenantOfSso(deps: Pick<SsoDeps, "secrets">, cookie: string | null): string | null {
  try {
    return opened(deps, cookie).tenantId;
  } catch {
    return null;
  }
}

function opened({ secrets }: Pick<SsoDeps, "secrets">, cookie: string | null): Begun {
  try {
    const begun = JSON.parse(openValue(secrets.sealingKey, "sso", Buffer.from(cookie ?? "", "base64url"))) as Begun;
    if (begun.until > Date.now()) return begun;
  } catch {
    // Absent, or not of this cloud.
  }
  throw refused("it was not asked for by this browser, or more than ten minutes ago");
}

async function clientOf({ config, log }: SsoDeps, provider: IdentityProvider): Promise<oidc.Configuration> {
  const isAny = config.identityProviders === "any";
  const fetching = isAny ? {} : { [oidc.customFetch]: publicFetch };
  try {
    return await oidc.discovery(new URL(provider.issuer), provider.clientId, provider.clientSecret, undefined, {
      ...fetching,
      execute: isAny ? [oidc.allowInsecureRequests] : [],
      timeout: 10,
    });
  } catch (error) {
    log.warn({ err: error, tenantId: provider.tenantId }, "an identity provider cannot be used");
    throw refused("the provider cannot be reached, or is not the issuer that it was set up as");
  }
}

/** Whom the provider vouches for. */
interface Vouched {
  readonly subject: string;
  readonly email: string;
  readonly name: string | null;
}

async function vouchedFor(deps: SsoDeps, provider: IdentityProvider, begun: Begun, answer: URL): Promise<Vouched> {
  const client = await clientOf(deps, provider);
  const claims = await claimsOf(client, begun, answer).catch((error: unknown) => {
    deps.log.warn({ err: error, tenantId: provider.tenantId }, "an identity provider's answer was refused");
    throw refused("it does not fit what was asked, or was used before");
  });
  const email = typeof claims.email === "string" ? claims.email.toLowerCase() : "";
  if (claims.email_verified !== true) throw refused("the provider has not verified the person's e-mail address");
  if (!provider.emailDomains.includes(email.slice(email.lastIndexOf("@") + 1)))
    throw refused("the person's e-mail address is of a domain that may not come in");
  return { subject: claims.sub, email, name: typeof claims.name === "string" ? claims.name.slice(0, 200) : null };
}

async function claimsOf(client: oidc.Configuration, { state, nonce, verifier }: Begun, answer: URL) {
  const tokens = await oidc.authorizationCodeGrant(client, answer, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error("The provider answered without an ID token.");
  if (claims.email !== undefined) return claims;
  return { ...claims, ...(await oidc.fetchUserInfo(client, tokens.access_token, claims.sub)) };
}

async function memberOf(client: PoolClient, provider: IdentityProvider, person: Vouched): Promise<string> {
  const { tenantId, issuer } = provider;
  const { rows } = await client.query<{ id: string }>(
    `select membership_id as id from sso_identities where tenant_id = $1 and issuer = $2 and subject = $3
     union all select m.id from memberships m join users u on u.id = m.user_id where m.tenant_id = $1 and u.email = $4 limit 1`,
    [tenantId, issuer, person.subject, person.email],
  );
  const id =
    rows[0]?.id ?? (await addMember(client, { ...provider, userId: await managedUser(client, tenantId, person) }));
  await client.query(
    `insert into sso_identities (tenant_id, issuer, subject, membership_id) values ($1, $2, $3, $4)
     on conflict (tenant_id, issuer, subject) do nothing`,
    [tenantId, issuer, person.subject, id],
  );
  return id;
}

/** An account of this tenant alone: its provider says nothing about the account that this address may have elsewhere. */
async function managedUser(client: PoolClient, tenantId: string, { email, name }: Vouched): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into users (id, email, name, managed_by) values ($1, $2, $3, $4)
     on conflict (managed_by, email) where managed_by is not null do update set name = excluded.name returning id`,
    [makeId(), email, name, tenantId],
  );
  return rows[0]?.id ?? "";
}

const refused = (why: string) =>
  new Refusal("UNAUTHENTICATED", `The single sign-on was refused: ${why}. Begin again, or ask an owner of the tenant.`);
const noProvider = () =>
  new Refusal(
    "NOT_FOUND",
    "There is no single sign-on under this name; sign in with a password, or ask an owner of the tenant.",
  );
