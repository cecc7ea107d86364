import type { Pool } from "pg";
import { acrossTenants } from "../database/tenant-scope.ts";
import type { KeyScope } from "./key-format.ts";

/** A row of api_keys as it stood when it was read. */
export interface KnownKey {
  readonly id: string;
  readonly lookup: string;
  readonly tenantId: string;
  readonly userId: string | null;
  readonly serviceAccountId: string | null;
  readonly name: string;
  readonly scope: KeyScope;
  readonly hash: Buffer;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** By the database's clock. */
  readonly expired: boolean;
  /** A role that every tenant has. */
  readonly role: string | null;
  /** What the tenant's own role of the key holds, or the key's own list. */
  readonly permissions: readonly string[] | null;
  /** The same two of the person whose key it is; both null: that person is no member, or it is nobody's in particular. */
  readonly memberRole: string | null;
  readonly memberPermissions: readonly string[] | null;
  /** Networks from which it may be used; none: from all. */
  readonly allowedAddresses: readonly string[];
}

/**
 * How long a row is trusted. Saves a look-up per request under load; a revocation on this replica acts at once (`forget`), on the others
 * within this time, which must stay below the second that is promised.
 */
const TRUST_MS = 500;
/** Keys that are read in one statement at most. */
const MOST_TOGETHER = 1_000;
/** A key's last use is written once a minute at most: one row update per request would cost more than the request. */
const USE_MS = 60_000;
const MOST_KEYS = 10_000;

const KEY = `select k.id, k.lookup, k.tenant_id as "tenantId", k.user_id as "userId", k.service_account_id as "serviceAccountId", k.name, k.scope, k.hash,
    k.expires_at as "expiresAt", k.revoked_at as "revokedAt", coalesce(k.expires_at <= now(), false) as expired, k.role,
    coalesce(k.permissions, own.permissions) as permissions, m.role as "memberRole", of_member.permissions as "memberPermissions",
    k.allowed_addresses as "allowedAddresses"
  from api_keys k
  left join roles own on own.tenant_id = k.tenant_id and own.id = k.role_id
  left join memberships m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
  left join roles of_member on of_member.tenant_id = m.tenant_id and of_member.id = m.role_id`;

type Column = "id" | "lookup";

const COLUMN_TYPES = { id: "uuid", lookup: "text" } as const satisfies Record<Column, string>;

/** Keys by one of their columns. */
class Shelf {
  readonly rows = new Map<string, { readAt: number; row: Promise<KnownKey | null> }>();
  /** Asked for again since they were read: they will be once more, so they are read together with the next. */
  readonly inUse = new Set<string>();
}

/**
 * Keys read lately, by the pool they were read from. All that are in use are read in one statement: the agents of fifty tenants would ask a hundred
 * times a second otherwise.
 */
export class KnownKeys {
  readonly #pool: Pool;
  readonly #now: () => number;
  readonly #shelves = { id: new Shelf(), lookup: new Shelf() };
  readonly #usedAt = new Map<string, number>();

  constructor(pool: Pool, now: () => number) {
    this.#pool = pool;
    this.#now = now;
  }

  byLookup(lookup: string): Promise<KnownKey | null> {
    return this.#read("lookup", lookup);
  }

  byId(id: string): Promise<KnownKey | null> {
    return this.#read("id", id);
  }

  /** Writes down that a key was used, and in which network. */
  async noteUse(id: string, network: string | null): Promise<void> {
    const now = this.#now();
    const before = this.#usedAt.get(id);
    if (before !== undefined && now - before < USE_MS) return;
    if (this.#usedAt.size >= MOST_KEYS) this.#usedAt.clear();
    this.#usedAt.set(id, now);
    // The condition is for the other replicas, each of which counts its own minute.
    await this.#pool.query(
      `update api_keys set last_used_at = now(), last_used_from = coalesce($2, last_used_from)
       where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
      [id, network],
    );
  }

  /** Reads every key afresh from now on. */
  forget(): void {
    this.#shelves.id.rows.clear();
    this.#shelves.lookup.rows.clear();
  }

  #read(column: Column, value: string): Promise<KnownKey | null> {
    const now = this.#now();
    const shelf = this.#shelves[column];
    const held = shelf.rows.get(value);
    if (held !== undefined && now - held.readAt < TRUST_MS) {
      if (shelf.inUse.size < MOST_TOGETHER) shelf.inUse.add(value);
      return held.row;
    }
    if (shelf.rows.size >= MOST_KEYS) shelf.rows.clear();
    const values = [...shelf.inUse.add(value)];
    shelf.inUse.clear();
    const all = this.#readAll(column, values);
    for (const one of values) {
      const row = all.then((rows) => rows.get(one) ?? null);
      shelf.rows.set(one, { readAt: now, row });
      // A failed look-up is no answer: the next request asks again.
      row.catch(() => shelf.rows.delete(one));
    }
    return all.then((rows) => rows.get(value) ?? null);
  }

  async #readAll(column: Column, values: readonly string[]): Promise<Map<string, KnownKey>> {
    const text = `${KEY} where k.${column} = any ($1::${COLUMN_TYPES[column]}[])`;
    const question = { name: `keys-by-${column}`, text, values: [values] };
    const { rows } = await acrossTenants("keys in use, whosever they are", () => this.#pool.query<KnownKey>(question));
    return new Map(rows.map((row) => [row[column], row]));
  }
}

const known = new WeakMap<Pool, KnownKeys>();

/** The keys read through a pool. */
export function knownKeysOf(pool: Pool): KnownKeys {
  let keys = known.get(pool);
  if (keys === undefined) {
    keys = new KnownKeys(pool, () => performance.now());
    known.set(pool, keys);
  }
  return keys;
}
