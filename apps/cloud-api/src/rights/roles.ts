import { isId, makeId, type Permission, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { type Principal } from "../api-keys/api-keys.ts";
import { knownKeysOf } from "../api-keys/known-keys.ts";
import { isRoleName, permissionsOf } from "./permissions-of.ts";
import { requireHeld } from "./require-held.ts";

/** A role of the tenant's own. */
export interface OwnRole {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

/** Roles that a tenant may make of its own. */
const MOST_ROLES = 100;

/** The tenant's own roles, by name. */
export async function readRoles(pool: Pool, tenantId: string): Promise<OwnRole[]> {
  const text = `select id, name, permissions from roles where tenant_id = $1 order by name limit ${MOST_ROLES}`;
  return (await pool.query<OwnRole>({ name: "roles", text, values: [tenantId] })).rows;
}

export interface RoleWish {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/**
 * Makes a role.
 * @throws Refusal FORBIDDEN for more than the maker holds, CONFLICT for a name that is taken, INVALID for one role too many
 */
export async function createRole(pool: Pool, maker: Principal, { name, permissions }: RoleWish): Promise<OwnRole> {
  requireHeld(maker, permissions, roleNamed(name));
  if (isRoleName(name)) throw taken(name);
  const role = { id: makeId(), name, permissions };
  const { rows } = await pool.query<{ made: boolean; held: number }>(
    `with held as (select count(*)::int as held from roles where tenant_id = $2),
       made as (insert into roles (id, tenant_id, name, permissions) select $1, $2, $3, $4 from held where held < $5
         on conflict (tenant_id, name) do nothing returning id)
     select exists (select from made) as made, held from held`,
    [role.id, maker.tenantId, name, permissions, MOST_ROLES],
  );
  if (rows[0]?.made) return role;
  if ((rows[0]?.held ?? 0) < MOST_ROLES) throw taken(name);
  throw new Refusal(
    "INVALID",
    `There are ${MOST_ROLES} roles already, which is the most; remove one that is not used.`,
  );
}

/**
 * Changes what a role holds; whoever has it holds that from now on.
 * @throws Refusal FORBIDDEN when the role holds more than the changer, before or after; NOT_FOUND
 */
export async function changeRole(
  pool: Pool,
  changer: Principal,
  { id, permissions }: { readonly id: string; readonly permissions: readonly Permission[] },
): Promise<OwnRole> {
  const role = await requireRole(pool, changer, id);
  requireHeld(changer, permissions, roleNamed(role.name));
  // The condition is for a change in the meantime: what is overwritten must be what was looked at.
  const { rowCount } = await pool.query(
    "update roles set permissions = $3 where tenant_id = $1 and id = $2 and permissions = $4",
    [changer.tenantId, id, permissions, role.permissions],
  );
  if (rowCount !== 1) throw new Refusal("CONFLICT", `${roleNamed(role.name)} was changed at this moment; look again.`);
  knownKeysOf(pool).forget();
  return { ...role, permissions };
}

// foreign_key_violation and, of newer servers, restrict_violation.
const STILL_REFERENCED: ReadonlySet<unknown> = new Set(["23503", "23001"]);

/**
 * Removes a role that nobody has.
 * @throws Refusal CONFLICT when somebody has it, FORBIDDEN when it holds more than the remover, NOT_FOUND
 */
export async function deleteRole(pool: Pool, remover: Principal, id: string): Promise<OwnRole> {
  const role = await requireRole(pool, remover, id);
  const values = [remover.tenantId, id];
  // Keys that were revoked need no role any more.
  await pool.query(
    "update api_keys set role_id = null where tenant_id = $1 and role_id = $2 and revoked_at is not null",
    values,
  );
  try {
    await pool.query("delete from roles where tenant_id = $1 and id = $2", values);
  } catch (error) {
    if (!STILL_REFERENCED.has((error as { code?: unknown }).code)) throw error;
    throw new Refusal(
      "CONFLICT",
      `${roleNamed(role.name)} is somebody's still: give its members and invitations another one, and revoke its keys.`,
    );
  }
  return role;
}

/** A role that its changer may touch: one that holds no more than they do. */
async function requireRole(pool: Pool, changer: Principal, id: string): Promise<OwnRole> {
  const { rows } = await pool.query<OwnRole>(
    "select id, name, permissions from roles where tenant_id = $1 and id = $2",
    [changer.tenantId, isId(id) ? id : null],
  );
  const [role] = rows;
  if (role === undefined)
    throw new Refusal("NOT_FOUND", `There is no role ${JSON.stringify(id)} of the tenant's own that could be changed.`);
  requireHeld(changer, permissionsOf(null, role.permissions), roleNamed(role.name));
  return role;
}

const roleNamed = (name: string) => `The role ${JSON.stringify(name)}`;
const taken = (name: string) => new Refusal("CONFLICT", `${roleNamed(name)} exists already; take another name.`);
