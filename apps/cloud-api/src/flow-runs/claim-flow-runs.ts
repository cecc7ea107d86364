import { type BoundaryRequest, type ClaimedRun, type KnownTaskRun, type SealKey, strictestOf } from "@weir/protocol";
import type { Pool } from "pg";
import { sealKeysOf } from "../seal-keys/seal-keys.ts";
import type { RunView } from "./run-view.ts";
import type { NextDue } from "./waiting-claims.ts";
import { withRunLimits } from "../run-limits/set-run-limit.ts";
import { CLAIM_FLOW_RUNS, CLAIM_WITHIN_LIMITS, KNOWN_TASK_RUNS, NEXT_DUE } from "./claim-flow-runs.sql.ts";

/** Who claims: the agent as its session token names it, with the labels and projects it serves now. */
export interface Claimant {
  readonly tenantId: string;
  readonly agentId: string;
  readonly labels: readonly string[];
  readonly projects: readonly string[] | null;
  /** From which its key, and so the tokens of its runs, may be used; absent: from everywhere. */
  readonly networks?: readonly string[];
}

/** A claimed run as the database has it; the door adds lease, report interval and token. */
export type ClaimedRow = Omit<ClaimedRun, "leaseSeconds" | "reportSeconds" | "runToken">;

/** A claimed run, for its runner and for the cloud itself. */
export interface Claimed {
  readonly row: ClaimedRow;
  readonly view: RunView;
}

type Optional = "boundary" | "sealKeys" | "signature" | "parametersSignature" | "schedule";

interface ClaimResult
  extends Omit<ClaimedRow, Optional>, Omit<RunView, "tenantId" | "runId" | "attempt" | "state" | "eventNumber"> {
  readonly runBoundary: BoundaryRequest | null;
  readonly versionBoundary: BoundaryRequest | null;
  readonly signature: string | null;
  readonly parametersSignature: string | null;
  readonly schedule: string | null;
}

/** What stood in the way of a claim. */
interface Gate {
  readonly limited: boolean;
  readonly agentPaused: boolean;
}

type ClaimRow = Gate & (ClaimResult | { readonly runId: null });

/** What a claim found. */
export interface FoundRuns {
  readonly claimed: Claimed[];
  /** Whether a person paused this agent: it gets nothing until that is taken back. */
  readonly agentPaused: boolean;
}

/**
 * Takes up to `room` due runs under a lease of `leaseSeconds`, oldest due first. Nothing while the tenant's queue or the agent is paused, and of
 * runs with a limited label no more than the limit leaves.
 */
export async function claimFlowRuns(
  pool: Pool,
  claimant: Claimant,
  room: number,
  leaseSeconds: number,
): Promise<FoundRuns> {
  const { tenantId, agentId, labels, projects } = claimant;
  const values = [tenantId, agentId, labels, projects, room, leaseSeconds];
  let { rows } = await pool.query<ClaimRow>({ name: "claim-flow-runs", text: CLAIM_FLOW_RUNS, values });
  if (rows[0]?.limited) {
    ({ rows } = await withRunLimits(pool, tenantId, (client) =>
      client.query<ClaimRow>({ name: "claim-within-limits", text: CLAIM_WITHIN_LIMITS, values }),
    ));
  }
  const agentPaused = rows[0]?.agentPaused ?? false;
  return { claimed: await completed(pool, tenantId, rows.filter(isRun)), agentPaused };
}

const isRun = (row: ClaimRow): row is Gate & ClaimResult => row.runId !== null;

/** With what is known of runs that were begun before. */
async function completed(pool: Pool, tenantId: string, rows: readonly ClaimResult[]): Promise<Claimed[]> {
  const begunBefore = rows.filter(({ attempt }) => attempt > 1).map(({ runId }) => runId);
  const [known, keys] =
    begunBefore.length === 0
      ? [null, null]
      : await Promise.all([readKnown(pool, tenantId, begunBefore), sealKeysOf(pool, tenantId, begunBefore)]);
  return rows.map((row) => ({
    row: claimedRow(row, known?.get(row.runId) ?? [], keys?.get(row.runId) ?? []),
    view: viewOf(tenantId, row),
  }));
}

/** Whether the tenant has a run that is due, and when its next one will be. */
export async function readNextDue(pool: Pool, tenantId: string): Promise<NextDue> {
  const { rows } = await pool.query<NextDue>({ name: "next-due", text: NEXT_DUE, values: [tenantId] });
  return rows[0] ?? { isDue: false, seconds: null };
}

function viewOf(
  tenantId: string,
  { runId, attempt, flowId, stateVersion, recoveries, agentName, orderVersion, pauseOrder }: ClaimResult,
): RunView {
  const claimed = { tenantId, runId, flowId, state: "Submitted", attempt, stateVersion, eventNumber: 0 } as const;
  return { ...claimed, recoveries, agentName, orderVersion, pauseOrder };
}

/** Picks the fields of the message: the statement returns a few more. */
function claimedRow(row: ClaimResult, known: KnownTaskRun[], sealKeys: SealKey[]): ClaimedRow {
  const { runId, runName, attempt, project, flow, flowVersion, storage, parameters, labels } = row;
  const { scheduledStartTime, createdAt } = row;
  return {
    runId,
    runName,
    attempt,
    project,
    flow,
    flowVersion,
    storage,
    parameters,
    labels,
    scheduledStartTime: Math.round(scheduledStartTime),
    createdAt: Math.round(createdAt),
    known,
    ...boundaryOf(row),
    ...(sealKeys.length === 0 ? {} : { sealKeys }),
    ...(row.signature === null ? {} : { signature: row.signature }),
    ...(row.parametersSignature === null ? {} : { parametersSignature: row.parametersSignature }),
    ...(row.schedule === null ? {} : { schedule: row.schedule }),
  };
}

function boundaryOf({ versionBoundary, runBoundary }: ClaimResult): { boundary?: BoundaryRequest } {
  const boundary = strictestOf([versionBoundary ?? undefined, runBoundary ?? undefined]) as BoundaryRequest;
  return Object.keys(boundary).length === 0 ? {} : { boundary };
}

type KnownRow = { [K in keyof KnownTaskRun]-?: Exclude<KnownTaskRun[K], undefined> | null } & { runId: string };

async function readKnown(
  pool: Pool,
  tenantId: string,
  runIds: readonly string[],
): Promise<Map<string, KnownTaskRun[]>> {
  const { rows } = await pool.query<KnownRow>({
    name: "known-task-runs",
    text: KNOWN_TASK_RUNS,
    values: [tenantId, runIds],
  });
  const known = new Map<string, KnownTaskRun[]>();
  for (const { runId, ...row } of rows) {
    const present = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as KnownTaskRun;
    const list = known.get(runId);
    if (list === undefined) known.set(runId, [present]);
    else list.push(present);
  }
  return known;
}
