import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { makeId, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { authenticateKey, createApiKey } from "../api-keys/api-keys.ts";
import type { KeyScope } from "../api-keys/key-format.ts";
import type { CloudSecrets } from "../secrets.ts";

/** What stands in keys.json, for the programs on this machine. */
export interface LocalKeys {
  readonly url: string;
  readonly userKey: string;
  readonly agentKey: string;
}

const TENANT = "default";
const PROJECT = "default";
const SECRET_BYTES = 48;

/** The secret of an embedded cloud: made once, kept in the directory with mode 0600. */
export function keepSecret(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "cloud-secret");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  writePrivately(file, secret);
  return secret;
}

/** Where keys.json of an embedded cloud lies. */
export const keysFile = (directory: string) => join(directory, "keys.json");

/**
 * Makes the tenant, the project and the two keys of an embedded cloud where they are missing, and writes them, with the URL at which the
 * cloud listens now, into `keys.json` (mode 0600). Keys that still open the database are kept.
 */
export async function bootstrap(pool: Pool, secrets: CloudSecrets, directory: string, url: string): Promise<LocalKeys> {
  const tenantId = await ensureTenant(pool);
  const held = readKeys(directory);
  const keep = async (scope: KeyScope, key: string | undefined) =>
    key !== undefined && (await opens(pool, secrets, key)) ? key : await makeLocalKey(pool, secrets, tenantId, scope);
  const keys = { url, userKey: await keep("user", held?.userKey), agentKey: await keep("agent", held?.agentKey) };
  writePrivately(keysFile(directory), `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

async function ensureTenant(pool: Pool): Promise<string> {
  await pool.query(`insert into tenants (id, name) values ($1, $2) on conflict (name) do nothing`, [makeId(), TENANT]);
  const { rows } = await pool.query<{ id: string }>(`select id from tenants where name = $1`, [TENANT]);
  const [tenant] = rows;
  if (tenant === undefined) throw new Error("The default tenant was neither found nor made.");
  await pool.query(
    `insert into projects (id, tenant_id, name) values ($1, $2, $3) on conflict (tenant_id, name) do nothing`,
    [makeId(), tenant.id, PROJECT],
  );
  return tenant.id;
}

async function makeLocalKey(pool: Pool, secrets: CloudSecrets, tenantId: string, scope: KeyScope): Promise<string> {
  const { key } = await createApiKey(pool, secrets, {
    tenantId,
    scope,
    name: `local ${scope}`,
    ...(scope === "user" && { rights: { role: "owner" } as const }),
  });
  return key;
}

async function opens(pool: Pool, secrets: CloudSecrets, key: string): Promise<boolean> {
  try {
    await authenticateKey(pool, secrets, key);
    return true;
  } catch (error) {
    // Of another database, another secret, or revoked: make a new one. Anything else is no answer about the key.
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function readKeys(directory: string): Partial<LocalKeys> | null {
  try {
    return JSON.parse(readFileSync(keysFile(directory), "utf8")) as Partial<LocalKeys>;
  } catch {
    return null;
  }
}

/** Whole or not at all, and never readable by others, not even for the moment between making and closing it. */
function writePrivately(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}
