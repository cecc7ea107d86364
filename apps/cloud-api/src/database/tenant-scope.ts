import { AsyncLocalStorage } from "node:async_hooks";

/** Written to the setting `weir.tenant` by work that is of no tenant alone. The policies of all tables know it: see the migration. */
export const EVERY_TENANT = "every";

/** Whose rows a piece of work may see. It may be filled in while the work goes on: a request learns its tenant from its credential. */
export interface TenantScope {
  /** Null: nobody's yet, so that no row is seen and none can be written. */
  tenant: string | null;
}

const scopes = new AsyncLocalStorage<TenantScope>();

/** What statements that are sent now may see: a tenant's id, `every`, or null for nothing. */
export function currentTenant(): string | null {
  return scopes.getStore()?.tenant ?? null;
}

/** Runs work in a scope that its caller holds, and may fill in later. */
export function inScope<T>(scope: TenantScope, work: () => T): T {
  return scopes.run(scope, work);
}

/**
 * Runs work of one tenant: row-level security shows its statements the rows of this tenant, and no others.
 * @example await inTenant(principal.tenantId, () => pool.query("select name from projects"));
 */
export function inTenant<T>(tenantId: string, work: () => T): T {
  return scopes.run({ tenant: tenantId }, work);
}

/**
 * Runs work that is of no tenant alone, such as finding out whose key was sent, or a sweep over all leases. A test lists who does.
 * @param _why a few words for the reader of the call
 */
export function acrossTenants<T>(_why: string, work: () => T): T {
  return scopes.run({ tenant: EVERY_TENANT }, work);
}
