import type { SealKey } from "@weir/protocol";
import { type OwnBoundary, ownBoundary } from "../connection/own-boundary.ts";
import { withCloud } from "../connection/cloud.ts";
import type { Io } from "../io.ts";
import { reportOf } from "../error-report.ts";

/** A content key of a run, and whom it was wrapped for. */
export interface SealedFor {
  readonly id: string;
  /** `name`: as policy file and trust file have it; null: they know no such key. */
  readonly recipients: readonly { readonly kid: string; readonly name: string | null }[];
}

interface Found {
  readonly sealKeys: readonly SealedFor[] | null;
  readonly remarks: readonly string[];
}

/** Where the keys of what a run sealed went. The ledger holds no content, so the cloud is asked for what it was handed. */
export async function sealedFor(io: Io, id: string): Promise<Found> {
  try {
    const names = await namesOf(await ownBoundary(io));
    const { flowRun } = await withCloud(io, (cloud) => cloud.ask("FlowRun", { id }));
    if (flowRun === null) return { sealKeys: null, remarks: [`The cloud holds no run ${id} any more.`] };
    return { sealKeys: flowRun.sealKeys.map((key) => readSealKey(key, names)), remarks: [] };
  } catch (error) {
    const why = reportOf(error).message;
    return {
      sealKeys: null,
      remarks: [`Whom it was sealed for is not shown, because the cloud could not be asked: ${why}`],
    };
  }
}

/** Names of all keys that this side knows, by their thumbprints. */
async function namesOf({ policy, insideKeys }: OwnBoundary): Promise<ReadonlyMap<string, string>> {
  const { thumbprintOf } = await import("@weir/protocol/seal");
  const readers = policy.recipients.map(async ({ name, jwk }) => [await thumbprintOf(jwk), name] as const);
  return new Map([
    ...insideKeys.map(({ kid }) => [kid, "inside (all agents)"] as const),
    ...(await Promise.all(readers)),
  ]);
}

/** What comes from the cloud is looked at as if it might be anything. */
export function readSealKey({ id, key }: SealKey, names: ReadonlyMap<string, string>): SealedFor {
  const kids = kidsOf(key);
  return { id, recipients: kids.map((kid) => ({ kid, name: names.get(kid) ?? null })) };
}

function kidsOf(key: string): string[] {
  try {
    const { recipients } = Object(JSON.parse(key)) as { recipients?: unknown };
    if (!Array.isArray(recipients)) return [];
    const heads = recipients.map((one: unknown) => (Object(one) as { header?: { kid?: unknown } }).header?.kid);
    return heads.filter((kid) => typeof kid === "string");
  } catch {
    return [];
  }
}
