import { type FlowRegistration, Refusal } from "@weir/protocol";
import type { Cloud } from "../connection/cloud.ts";

/** One flow that the cloud now knows. */
export interface Registered {
  readonly flow: string;
  readonly project: string;
  readonly version: number;
  /** False: this content was the newest version already. */
  readonly created: boolean;
  readonly id: string;
}

/** Registers flows of one file. One after the other, so that a refusal says which of them is meant and none after it was sent. */
export async function registerFlows(
  cloud: Cloud,
  project: string,
  flows: readonly FlowRegistration[],
): Promise<Registered[]> {
  const registered: Registered[] = [];
  for (const registration of flows) {
    const { created, flowVersion } = await cloud.change("RegisterFlow", { input: { project, registration } });
    const { id, number, flow } = flowVersion;
    registered.push({ flow: flow.name, project, version: number, created, id });
  }
  return registered;
}

/** Makes a project that may be there already. */
export async function ensureProject(cloud: Cloud, name: string): Promise<{ created: boolean }> {
  try {
    await cloud.change("CreateProject", { input: { name } });
    return { created: true };
  } catch (error) {
    if (error instanceof Refusal && error.code === "CONFLICT") return { created: false };
    throw error;
  }
}
