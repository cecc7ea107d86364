import type { BoundaryRequest } from "../boundary.ts";
import type { FlowRegistration } from "../registration.ts";
import type { ScheduleDefinition } from "../schedule.ts";
import { jsonDigest, type ParameterDigests, parameterDigests } from "./digests.ts";

// Signed is the form in which things cross, after the gate has sealed or left out what its policy says: only that can be compared with
// what an agent is handed. Digests of what is sealed are of its ciphertext, so none tells more than what the cloud has.

/** A schedule of a flow, as it is signed. */
export interface SignedSchedule {
  /** Of the whole definition. */
  readonly definition: string;
  /** Of the parameters that it gives, over the flow's defaults. Absent: it gives none. */
  readonly parameters?: ParameterDigests;
}

/** What `weir register --sign` states: everything that an agent would act on. No time, so that the same content is the same version. */
export interface FlowStatement {
  readonly v: 1;
  readonly kind: "flow";
  readonly project: string;
  readonly flow: string;
  /** Where the code lies, with its entry and the digest of every file. */
  readonly storage: string;
  readonly parameterSchema?: string;
  readonly runConfig?: string;
  readonly labels: string;
  readonly defaults?: ParameterDigests;
  readonly schedules?: Readonly<Record<string, SignedSchedule>>;
  /** Not a digest: an agent must be able to tell what is stricter from what is milder. */
  readonly boundary?: BoundaryRequest;
}

/** What whoever starts a run states of it. */
export interface ParametersStatement {
  readonly v: 1;
  readonly kind: "parameters";
  readonly project: string;
  readonly flow: string;
  readonly parameters: ParameterDigests;
  readonly boundary?: BoundaryRequest;
  /** Seconds since 1970. */
  readonly iat: number;
  /** Seconds since 1970, from which on no agent begins an attempt with it. */
  readonly exp?: number;
}

export type Statement = FlowStatement | ParametersStatement;

/** States a flow, from its registration as it crosses. */
export async function flowStatement(project: string, wire: FlowRegistration): Promise<FlowStatement> {
  const { name: flow, storage, parameterSchema, parameterDefaults, runConfig, labels, boundary, schedules } = wire;
  return {
    v: 1,
    kind: "flow",
    project,
    flow,
    storage: await jsonDigest(storage),
    labels: await jsonDigest(labels),
    ...(parameterSchema === undefined ? {} : { parameterSchema: await jsonDigest(parameterSchema) }),
    ...(runConfig === undefined ? {} : { runConfig: await jsonDigest(runConfig) }),
    ...(parameterDefaults === undefined ? {} : { defaults: await parameterDigests(parameterDefaults) }),
    ...(schedules === undefined ? {} : { schedules: await signedSchedules(schedules) }),
    ...(boundary === undefined ? {} : { boundary }),
  };
}

async function signedSchedules(schedules: readonly ScheduleDefinition[]): Promise<Record<string, SignedSchedule>> {
  const pairs = schedules.map(async (schedule) => {
    const definition = await jsonDigest(schedule);
    const { name, parameters } = schedule;
    const own = parameters === undefined ? {} : { parameters: await parameterDigests(parameters) };
    return [name, { definition, ...own }] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

/** The run of a flow that somebody starts, as it crosses. */
export interface StartedWork {
  readonly project: string;
  readonly flow: string;
  readonly parameters?: unknown;
  readonly boundary?: BoundaryRequest;
}

/** States what a run is started with. Without parameters, that it has those of the flow's defaults. */
export async function parametersStatement(
  { project, flow, parameters, boundary }: StartedWork,
  times: { readonly iat: number; readonly exp?: number },
): Promise<ParametersStatement> {
  const digests = await parameterDigests(parameters ?? {});
  const own = boundary === undefined ? {} : { boundary };
  return { v: 1, kind: "parameters", project, flow, parameters: digests, ...own, ...times };
}
