import { type BoundaryRequest, cleanText, isSealedJson, LIMITS, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../database/in-transaction.ts";
import { readyParameters, withoutRequired } from "../flow-runs/ready-parameters.ts";
import { planAnew } from "../schedules/sync-schedules.ts";
import { LOCK_FLOW_BY_NAME, READ_SETTINGS, VERSION_THAT_RUNS, WRITE_SETTINGS } from "./flow-settings.sql.ts";

/** What people say about a flow beside its code. Null: as the version, or the cloud, has it. */
export interface FlowSettings {
  readonly description: string | null;
  /** A JSON object; never sealed, since the cloud joins it with what is given. */
  readonly parameterDefaults: unknown;
  readonly labels: readonly string[] | null;
  readonly maxRecoveries: number | null;
  /** Seconds before the first recovery; each further one doubles them, up to 30 s or this. */
  readonly recoveryBackoffSeconds: number | null;
}

/** Absent leaves a setting, null gives it back. */
export type SettingsPatch = { readonly [K in keyof FlowSettings]?: FlowSettings[K] | undefined };

const NONE: FlowSettings = {
  description: null,
  parameterDefaults: null,
  labels: null,
  maxRecoveries: null,
  recoveryBackoffSeconds: null,
};

const MOST_RECOVERIES = 100;
const MOST_BACKOFF_SECONDS = 3_600;

/**
 * Changes settings of a flow. Runs that begin from now on have them, those that its schedules made ahead and nobody touched too; others that
 * wait keep what they have. How often a run is recovered counts for runs that are under way, too.
 * @throws Refusal NOT_FOUND; INVALID or PARAMETERS_INVALID with a sentence; CONFLICT for defaults of a signed version
 */
export async function setFlowSettings(
  pool: Pool,
  flow: { tenantId: string; project: string; flow: string },
  patch: SettingsPatch,
  now: Date,
): Promise<{ flowId: string }> {
  checkPatch(patch);
  return await inTransaction(pool, async (client) => {
    const { tenantId } = flow;
    const { rows } = await client.query<{ id: string }>(LOCK_FLOW_BY_NAME, [tenantId, flow.project, flow.flow]);
    const [found] = rows;
    if (found === undefined)
      throw new Refusal(
        "NOT_FOUND",
        `There is no flow ${JSON.stringify(flow.flow)} in the project ${JSON.stringify(flow.project)}. Register it, or check its name.`,
      );
    if (isGiven(patch.parameterDefaults)) await checkDefaults(client, tenantId, found.id, flow.flow, patch);
    const before = await client.query<FlowSettings>(READ_SETTINGS, [tenantId, found.id]);
    const given = Object.entries(patch).filter(([, value]) => value !== undefined);
    const after: FlowSettings = { ...NONE, ...before.rows[0], ...Object.fromEntries(given) };
    await client.query(WRITE_SETTINGS, [tenantId, found.id, ...columnsOf(after)]);
    await planAnew(client, { tenantId, flowId: found.id }, now);
    return { flowId: found.id };
  });
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

const json = (value: unknown) => (isGiven(value) ? JSON.stringify(value) : null);

function columnsOf(settings: FlowSettings): unknown[] {
  const { description, parameterDefaults, labels, maxRecoveries, recoveryBackoffSeconds } = settings;
  return [description, json(parameterDefaults), json(labels), maxRecoveries, recoveryBackoffSeconds];
}

interface RunningVersion {
  readonly number: number;
  readonly parameterSchema: unknown;
  readonly boundary: BoundaryRequest | null;
  readonly signed: boolean;
}

async function checkDefaults(
  client: PoolClient,
  tenantId: string,
  flowId: string,
  name: string,
  { parameterDefaults }: SettingsPatch,
): Promise<void> {
  const { rows } = await client.query<RunningVersion>(VERSION_THAT_RUNS, [tenantId, flowId]);
  const [version] = rows;
  if (version?.signed === true)
    throw new Refusal(
      "CONFLICT",
      `Version ${version.number} of the flow ${JSON.stringify(name)} is signed, its defaults with it: agents would refuse others. Change them in its code and register it with --sign, or sign parameters when you start a run.`,
    );
  const asked = version?.boundary?.parameter ?? "send";
  if (isSealedJson(parameterDefaults) || asked !== "send")
    throw new Refusal(
      "INVALID",
      `Default parameters of the flow ${JSON.stringify(name)} cannot be kept in its settings: its parameters are ${asked === "drop" ? "withheld" : "sealed"}, and the cloud joins these with what is given. Put them into the flow's code, where its agents read them.`,
    );
  readyParameters(name, parameterDefaults, {
    parameterSchema: withoutRequired(version?.parameterSchema),
    parameterDefaults: null,
  });
}

function checkPatch({ description, labels, maxRecoveries, recoveryBackoffSeconds }: SettingsPatch): void {
  const invalid = (why: string) => new Refusal("INVALID", `The settings cannot be taken: ${why}.`);
  if (isGiven(description)) {
    const bytes = Buffer.byteLength(description);
    if (bytes > LIMITS.messageBytes)
      throw invalid(`description has ${bytes} bytes; the most is ${LIMITS.messageBytes}`);
  }
  if ((labels?.length ?? 0) > LIMITS.labels)
    throw invalid(`there are ${labels?.length} labels; the most is ${LIMITS.labels}`);
  for (const label of labels ?? [])
    if (label.trim() === "" || label.length > LIMITS.nameLength)
      throw invalid(`a label has ${label.length} characters; it takes 1 to ${LIMITS.nameLength}, not of spaces alone`);
  for (const text of [description ?? "", ...(labels ?? [])])
    if (cleanText(text) !== text) throw invalid("a text holds NUL or half of a surrogate pair, which cannot be stored");
  if (isGiven(maxRecoveries) && !isWithin(maxRecoveries, MOST_RECOVERIES, Number.isInteger))
    throw invalid(`maxRecoveries takes a whole number from 0 to ${MOST_RECOVERIES}`);
  if (isGiven(recoveryBackoffSeconds) && !isWithin(recoveryBackoffSeconds, MOST_BACKOFF_SECONDS, Number.isFinite))
    throw invalid(`recoveryBackoffSeconds takes 0 to ${MOST_BACKOFF_SECONDS}`);
}

function isWithin(value: number | null | undefined, most: number, isNumber: (value: unknown) => boolean): boolean {
  return isNumber(value) && Number(value) >= 0 && Number(value) <= most;
}
