import type { Permission } from "@weir/protocol";
import type { Pool } from "pg";
import type { SignedIn, SignInMethod } from "./sessions.ts";

/** What a browser is told of its session. */
export interface WhoAmI {
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly name: string | null;
    readonly secondFactor: boolean;
  };
  readonly tenant: { readonly id: string; readonly name: string };
  readonly role: string;
  readonly permissions: readonly Permission[];
  readonly method: SignInMethod;
  /** Where the person may go from here, this tenant among them. */
  readonly tenants: readonly { readonly id: string; readonly name: string; readonly role: string }[];
}

interface Row {
  readonly email: string;
  readonly name: string | null;
  readonly secondFactor: boolean;
  readonly tenantId: string;
  readonly tenant: string;
  readonly role: string;
}

const READ = `
select u.email, u.name, coalesce(c.totp_confirmed_at is not null, false) as "secondFactor", t.id as "tenantId", t.name as tenant, coalesce(m.role, r.name) as role
from users u join memberships m on m.user_id = u.id join tenants t on t.id = m.tenant_id
left join user_credentials c on c.user_id = u.id left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
where u.id = $1 order by t.name`;

/** Reads who a session is of, and where they may go. */
export async function whoAmI(pool: Pool, person: SignedIn): Promise<WhoAmI> {
  const { rows } = await pool.query<Row>(READ, [person.userId]);
  const here = rows.find(({ tenantId }) => tenantId === person.tenantId);
  // Removed between the look at the cookie and this one.
  if (here === undefined) throw new Error("The session's membership is gone.");
  const reachable = person.method === "password" ? rows : [here];
  return {
    user: { id: person.userId, email: here.email, name: here.name, secondFactor: here.secondFactor },
    tenant: { id: here.tenantId, name: here.tenant },
    role: here.role,
    permissions: [...person.permissions],
    method: person.method,
    tenants: reachable.map(({ tenantId, tenant, role }) => ({ id: tenantId, name: tenant, role })),
  };
}
