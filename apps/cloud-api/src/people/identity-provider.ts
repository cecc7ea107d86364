import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import type { CloudConfig } from "../config.ts";
import type { CloudSecrets } from "../secrets.ts";
import type { MemberRole } from "./member-role.ts";
import { openValue, sealValue } from "./sealed-value.ts";

/** Single sign-on of a tenant. */
export interface IdentityProvider extends MemberRole {
  readonly tenantId: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whose addresses may come in: `example.org`. */
  readonly emailDomains: readonly string[];
}

const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;
const MOST_DOMAINS = 50;

/**
 * Takes what a person wrote of a provider.
 * @throws Refusal INVALID
 */
export function checkedProvider(
  given: Pick<IdentityProvider, "issuer" | "clientId" | "clientSecret" | "emailDomains">,
  identityProviders: CloudConfig["identityProviders"],
): typeof given {
  const { issuer, clientId, clientSecret } = given;
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  const isSafe = url?.protocol === "https:" || (identityProviders === "any" && url?.protocol === "http:");
  if (url === null || !isSafe || url.username !== "" || url.search !== "" || url.hash !== "")
    throw new Refusal(
      "INVALID",
      `issuer ${JSON.stringify(issuer.slice(0, 200))} is no address of a provider: https://login.example.org`,
    );
  if (clientId === "" || clientSecret === "")
    throw new Refusal(
      "INVALID",
      "clientId or clientSecret is empty; the provider names both when this cloud is registered there.",
    );
  const emailDomains = given.emailDomains.map((domain) => domain.trim().toLowerCase());
  if (
    emailDomains.length === 0 ||
    emailDomains.length > MOST_DOMAINS ||
    !emailDomains.every((each) => DOMAIN.test(each))
  )
    throw new Refusal(
      "INVALID",
      `emailDomains takes 1 to ${MOST_DOMAINS} domains as example.org: whose addresses may come in.`,
    );
  return { issuer, clientId, clientSecret, emailDomains };
}

/** Sets the provider of a tenant, in the place of the one before. */
export async function setIdentityProvider(
  pool: Pool,
  { sealingKey }: CloudSecrets,
  wanted: IdentityProvider,
): Promise<void> {
  await pool.query(
    `insert into identity_providers (tenant_id, issuer, client_id, client_secret, email_domains, role, role_id, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, now())
     on conflict (tenant_id) do update set issuer = excluded.issuer, client_id = excluded.client_id, client_secret = excluded.client_secret,
       email_domains = excluded.email_domains, role = excluded.role, role_id = excluded.role_id, changed_at = now()`,
    [
      wanted.tenantId,
      wanted.issuer,
      wanted.clientId,
      sealValue(sealingKey, place(wanted.tenantId), wanted.clientSecret),
      wanted.emailDomains,
      wanted.role,
      wanted.roleId,
    ],
  );
}

/** Ends single sign-on of a tenant, and the sessions that came by it. Answers false when there was none. */
export async function removeIdentityProvider(pool: Pool, tenantId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with ended as (update user_sessions set revoked_at = now() where tenant_id = $1 and method = 'sso' and revoked_at is null)
     delete from identity_providers where tenant_id = $1`,
    [tenantId],
  );
  return rowCount === 1;
}

/** Reads the provider of a tenant, with its secret opened; null when it has none. */
export async function readIdentityProvider(
  pool: Pool,
  { sealingKey }: CloudSecrets,
  by: { tenantId: string } | { tenantName: string },
): Promise<IdentityProvider | null> {
  const [column, value] = "tenantId" in by ? ["id", by.tenantId] : ["name", by.tenantName];
  const { rows } = await pool.query<Omit<IdentityProvider, "clientSecret"> & { sealed: Buffer }>(
    `select p.tenant_id as "tenantId", p.issuer, p.client_id as "clientId", p.client_secret as sealed, p.email_domains as "emailDomains",
       p.role, p.role_id as "roleId"
     from identity_providers p join tenants t on t.id = p.tenant_id where t.${column} = $1`,
    [value],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { sealed, ...provider } = row;
  return { ...provider, clientSecret: openValue(sealingKey, place(row.tenantId), sealed) };
}

const place = (tenantId: string) => `identity provider ${tenantId}`;
