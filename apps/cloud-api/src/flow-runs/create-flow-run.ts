import { type BoundaryRequest, cleanText, LIMITS, makeId, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { DEFAULTS_IN_FORCE, LABELS_IN_FORCE } from "../flow-settings/flow-settings.sql.ts";
import { quotasOf } from "../quotas/quotas.ts";
import { checkBoundary, checkSignature } from "./check-boundary.ts";
import { requireLiveAttempt } from "./require-live-attempt.ts";
import { readyParameters } from "./ready-parameters.ts";

/** What a person or program asks for. */
export interface FlowRunWish {
  readonly tenantId: string;
  readonly project: string;
  readonly flow: string;
  /** A JSON object; absent: the flow's defaults alone. */
  readonly parameters?: unknown;
  readonly name?: string;
  /** Absent: those of the flow's settings, else of its version. */
  readonly labels?: readonly string[];
  /** The same key again answers the run that was made for it. */
  readonly idempotencyKey?: string;
  /** Absent: now. */
  readonly scheduledStartTime?: Date;
  /** What is asked of the gate for this run. Absent: what its parent was asked. */
  readonly boundary?: BoundaryRequest;
  /** Of the parameters, by whoever starts it. */
  readonly signature?: string;
  /** The run that starts it, which this attempt must hold at the moment of creation. Idempotency keys are then its own. */
  readonly parent?: { readonly runId: string; readonly attempt: number };
}

interface Target {
  readonly projectId: string | null;
  readonly flowId: string | null;
  readonly versionId: string | null;
  readonly labels: string[];
  readonly parameterSchema: unknown;
  readonly parameterDefaults: unknown;
  readonly settingDefaults: unknown;
}

const TARGET = `select p.id as "projectId", f.id as "flowId", v.id as "versionId", ${LABELS_IN_FORCE} as labels,
  v.parameter_schema as "parameterSchema", v.parameter_defaults as "parameterDefaults", ${DEFAULTS_IN_FORCE} as "settingDefaults"
from projects p
left join flows f on f.tenant_id = p.tenant_id and f.project_id = p.id and f.name = $3
left join flow_versions v on v.tenant_id = f.tenant_id and v.flow_id = f.id and v.archived_at is null
left join flow_settings s on s.tenant_id = f.tenant_id and s.flow_id = f.id
where p.tenant_id = $1 and p.name = $2
order by v.number desc nulls last limit 1`;

// The run, its first history row and the wake-up of waiting agents are one transaction. The race: two requests with one idempotency key
// at the same moment; the unique index lets one in, the other inserts nothing and finds the first by its key.
const insert = (parent: string | null) => `with ${parent === null ? "" : `parent as (${parent}),\n`}run as (
  insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, idempotency_key, state, scheduled_start_time,
    boundary, parameters_signature, parent_run_id)
  select $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6::jsonb, $7::text[], $8, 'Scheduled'::state, coalesce($9::timestamptz, now()),
    ${parent === null ? "$10::jsonb, $11, null::uuid" : "coalesce($10::jsonb, parent.boundary), $11, parent.id from parent"}
  on conflict (tenant_id, idempotency_key) where idempotency_key is not null do nothing
  returning id, tenant_id, scheduled_start_time
),
history as (
  insert into flow_run_states (tenant_id, flow_run_id, version, attempt, state, at, message)
  select tenant_id, id, 1, 0, 'Scheduled', now(), case when $9::timestamptz is null then 'created' else 'created, to start later' end from run
)
select id, pg_notify('weir_work', tenant_id::text) from run`;

const INSERT = insert(null);

// The race: its parent is cancelled at this moment, and whoever cancels looks for children right after. The lock on the parent's row makes one
// wait for the other: either the child is there for the cancel to find, or the parent is Cancelling and nothing is created.
const INSERT_CHILD = insert(`
  select id, boundary from flow_runs where id = $12::uuid and (tenant_id = $2::uuid) is true and attempt = $13::int4
    and state in ('Submitted', 'Running') for share`);

/**
 * Creates a flow run of the newest version of a flow, Scheduled.
 * @throws Refusal NOT_FOUND naming project or flow, PARAMETERS_INVALID with a sentence per field, INVALID, CONFLICT for an idempotency
 * key that made a run of another flow; with a parent, STALE_ATTEMPT and CONFLICT when it is being cancelled
 */
export async function createFlowRun(pool: Pool, wish: FlowRunWish): Promise<{ id: string; created: boolean }> {
  checkWish(wish);
  const target = await findTarget(pool, wish);
  const parameters = readyParameters(wish.flow, wish.parameters, target);
  const before = await findOverQuota(pool, wish, target);
  if (before !== null) return { id: before, created: false };
  const id = makeId();
  const values = [
    id,
    wish.tenantId,
    target.flowId,
    target.versionId,
    // The end of a UUIDv7 is random; its beginning is the same for all runs of one minute.
    wish.name ?? `${wish.flow.slice(0, LIMITS.nameLength - 9)}-${id.slice(-8)}`,
    JSON.stringify(parameters),
    wish.labels ?? target.labels,
    keyOf(wish),
    wish.scheduledStartTime ?? null,
    wish.boundary === undefined ? null : JSON.stringify(wish.boundary),
    wish.signature ?? null,
  ];
  const statement =
    wish.parent === undefined
      ? { name: "create-flow-run", text: INSERT, values }
      : { name: "create-child-run", text: INSERT_CHILD, values: [...values, wish.parent.runId, wish.parent.attempt] };
  const { rows } = await pool.query(statement).catch((error: unknown) => {
    // The flow was deleted after it was looked at: its key refuses the run.
    throw (error as { code?: unknown }).code === FOREIGN_KEY_VIOLATION ? noFlow(wish) : error;
  });
  if (rows.length > 0) return { id, created: true };
  const found = wish.idempotencyKey === undefined ? null : await findByKey(pool, wish, target);
  if (found !== null) return { id: found, created: false };
  throw await whyNotCreated(pool, wish);
}

/**
 * Takes a place among the runs of the day. Whoever has none left is still answered the run that is there already.
 * @throws Refusal QUOTA_EXCEEDED
 */
async function findOverQuota(pool: Pool, wish: FlowRunWish, target: Target): Promise<string | null> {
  try {
    await quotasOf(pool).takeRun(wish.tenantId);
    return null;
  } catch (error) {
    const found = wish.idempotencyKey === undefined ? null : await findByKey(pool, wish, target);
    if (found !== null) return found;
    throw error;
  }
}

/** A child's key is its parent's own: the same parent that asks again gets the same child, in whatever attempt, and nobody else does. */
function keyOf({ idempotencyKey, parent }: FlowRunWish): string | null {
  if (idempotencyKey === undefined) return null;
  return parent === undefined ? idempotencyKey : `${parent.runId}/${idempotencyKey}`;
}

async function whyNotCreated(pool: Pool, { tenantId, parent }: FlowRunWish): Promise<Error> {
  if (parent === undefined) return new Error("A flow run was neither made nor found by its idempotency key.");
  await requireLiveAttempt(pool, { tenantId, ...parent });
  return new Refusal("CONFLICT", `Flow run ${parent.runId} is being cancelled; it starts no other run any more.`);
}

async function findTarget(pool: Pool, wish: FlowRunWish): Promise<Target> {
  const { tenantId, project, flow } = wish;
  const { rows } = await pool.query<Target>({
    name: "flow-run-target",
    text: TARGET,
    values: [tenantId, project, flow],
  });
  const [target] = rows;
  if (target === undefined) {
    throw new Refusal("NOT_FOUND", `There is no project ${JSON.stringify(project)}. Create it, or check its name.`);
  }
  if (target.flowId !== null && target.versionId === null) {
    throw new Refusal(
      "NOT_FOUND",
      `All versions of the flow ${JSON.stringify(flow)} are archived, so none can run. Bring one back with \`weir flows unarchive\`, or register it anew.`,
    );
  }
  if (target.flowId === null) {
    throw noFlow(wish);
  }
  return target;
}

const FOREIGN_KEY_VIOLATION = "23503";

function noFlow({ flow, project }: FlowRunWish): Refusal {
  return new Refusal(
    "NOT_FOUND",
    `There is no flow ${JSON.stringify(flow)} in the project ${JSON.stringify(project)}. Register it with \`weir register FILE\`, or check its name.`,
  );
}

async function findByKey(pool: Pool, wish: FlowRunWish, target: Target): Promise<string | null> {
  const { rows } = await pool.query<{ id: string; flowId: string }>(
    `select id, flow_id as "flowId" from flow_runs where tenant_id = $1 and idempotency_key = $2`,
    [wish.tenantId, keyOf(wish)],
  );
  const [run] = rows;
  if (run === undefined) return null;
  if (run.flowId === target.flowId) return run.id;
  throw new Refusal(
    "CONFLICT",
    `The idempotency key ${JSON.stringify(wish.idempotencyKey)} belongs to flow run ${run.id} of another flow. Choose another key.`,
  );
}

function checkWish(wish: FlowRunWish): void {
  checkWords(wish);
  if (wish.boundary !== undefined) checkBoundary(wish.boundary);
  if (wish.signature !== undefined) checkSignature(wish.signature);
}

/** Texts that go into columns as they are. Postgres stores no NUL, and a name that was changed silently would not be found again. */
function checkWords(wish: FlowRunWish): void {
  const words = { project: wish.project, flow: wish.flow, name: wish.name, idempotencyKey: wish.idempotencyKey };
  const all = [...Object.entries(words), ...(wish.labels ?? []).map((label) => ["a label", label] as const)];
  for (const [what, word] of all) {
    if (word === undefined) continue;
    if (word.length === 0 || word.length > LIMITS.nameLength) {
      throw new Refusal("INVALID", `${what} has ${word.length} characters; it takes 1 to ${LIMITS.nameLength}.`);
    }
    if (cleanText(word) !== word) {
      throw new Refusal(
        "INVALID",
        `${what} holds a character that cannot be stored (NUL, or half of a surrogate pair).`,
      );
    }
  }
  if ((wish.labels?.length ?? 0) > LIMITS.labels) {
    throw new Refusal("INVALID", `The run has ${wish.labels?.length} labels; the most is ${LIMITS.labels}.`);
  }
  if (wish.scheduledStartTime !== undefined && Number.isNaN(wish.scheduledStartTime.getTime())) {
    throw new Refusal("INVALID", "scheduledStartTime is no date; write it like 2030-01-31T09:00:00Z.");
  }
}
