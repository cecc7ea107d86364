import { type FlowRegistration, makeId, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../database/in-transaction.ts";
import { syncSchedules } from "../schedules/sync-schedules.ts";
import { checkedRegistration } from "./check-registration.ts";
import { holdsSealed, mayReplace, registrationDigest } from "./comparable.ts";
import {
  ADD_FLOW,
  ADD_VERSION,
  ARCHIVE_OLDER_VERSIONS,
  LOCK_FLOW,
  NEWEST_VERSION,
  PROJECT_BY_NAME,
  RENEW_VERSION,
  SOME_PROJECTS,
} from "./register-flow.sql.ts";
import { quotasOf } from "../quotas/quotas.ts";

export interface Registered {
  readonly flowVersionId: string;
  /** False: this content is the newest version already. */
  readonly created: boolean;
}

/**
 * Registers a flow: the same content as its newest version is that version, with the signature and the sealed values that come now; other
 * content becomes the next one and archives the older.
 * @throws Refusal INVALID, TOO_LARGE or NOT_FOUND (no such project).
 */
export async function registerFlow(
  pool: Pool,
  wanted: { tenantId: string; project: string; registration: unknown },
): Promise<Registered> {
  const registration = checkedRegistration(wanted.registration);
  const digest = registrationDigest(registration);
  const instead = [wanted.project, registration.name];
  await quotasOf(pool).requireRoom(wanted.tenantId, "flows", { instead });
  return await inTransaction(pool, (client) => storeVersion(client, wanted, registration, digest));
}

async function storeVersion(
  client: PoolClient,
  { tenantId, project }: { tenantId: string; project: string },
  registration: FlowRegistration,
  digest: string,
): Promise<Registered> {
  const projectId = await projectByName(client, tenantId, project);
  await client.query(ADD_FLOW, [makeId(), tenantId, projectId, registration.name]);
  const flowId = await only<{ id: string }>(client, LOCK_FLOW, [tenantId, projectId, registration.name]);
  const { rows } = await client.query<{ id: string; digest: string; archived: boolean }>(NEWEST_VERSION, [
    tenantId,
    flowId.id,
  ]);
  const newest = rows[0];
  const flow = { tenantId, flowId: flowId.id };
  if (newest !== undefined && newest.digest === digest && !newest.archived && mayReplace(registration)) {
    await renewVersion(client, flow, newest.id, registration);
    return { flowVersionId: newest.id, created: false };
  }
  const flowVersionId = makeId();
  await client.query(ADD_VERSION, [flowVersionId, tenantId, flowId.id, digest, ...columnsOf(registration)]);
  await client.query(ARCHIVE_OLDER_VERSIONS, [tenantId, flowId.id, flowVersionId]);
  await syncSchedules(client, flow, registration.schedules ?? [], new Date());
  return { flowVersionId, created: true };
}

async function renewVersion(
  client: PoolClient,
  flow: { tenantId: string; flowId: string },
  id: string,
  registration: FlowRegistration,
): Promise<void> {
  const { parameterDefaults, runConfig, schedules = [], signature = null } = registration;
  const sealed = holdsSealed(registration);
  const renewed = [json(parameterDefaults), json(runConfig), signature, sealed, json(schedules)];
  await client.query(RENEW_VERSION, [flow.tenantId, id, ...renewed]);
  if (sealed && schedules.length > 0) await syncSchedules(client, flow, schedules, new Date());
}

/** pg would write a list as a Postgres array: JSON is written here. */
const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));

/** A registration's own columns, in the order of ADD_VERSION. */
function columnsOf(registration: FlowRegistration): unknown[] {
  return [
    registration.description ?? null,
    registration.labels,
    json(registration.tasks),
    json(registration.parameterSchema),
    json(registration.parameterDefaults),
    json(registration.runConfig),
    json(registration.storage),
    registration.sdkVersion,
    json(registration.boundary),
    registration.signature ?? null,
    json(registration.schedules ?? []),
  ];
}

async function projectByName(client: PoolClient, tenantId: string, name: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(PROJECT_BY_NAME, [tenantId, name]);
  if (rows[0] !== undefined) return rows[0].id;
  const known = await client.query<{ name: string }>(SOME_PROJECTS, [tenantId]);
  const names = known.rows.map((row) => JSON.stringify(row.name)).join(", ");
  throw new Refusal(
    "NOT_FOUND",
    `There is no project ${JSON.stringify(name)}. Make it with the mutation createProject(input: { name: … })` +
      (names === "" ? "." : `, or take one that exists: ${names}.`),
  );
}

async function only<T extends object>(client: PoolClient, sql: string, values: unknown[]): Promise<T> {
  const { rows } = await client.query<T>(sql, values);
  if (rows[0] === undefined) throw new Error("A row that was just made is not there.");
  return rows[0];
}
