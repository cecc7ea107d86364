import { setTimeout as sleep } from "node:timers/promises";
import { backoff, isRetryable } from "@weir/client";
import type { RunUpdate } from "../connection/answers.ts";
import type { Cloud } from "../connection/cloud.ts";
import type { Io } from "../io.ts";

/** How long the cloud may be away before following gives up. A restart of a cloud takes seconds. */
const PATIENCE_MS = 60_000;

/**
 * What happens to a run until it is over. A stream that breaks is taken up again where it broke, so that nothing is told twice or missed.
 * @throws what the last try met, when the cloud stays away
 */
export async function* followRun(io: Io, cloud: Cloud, id: string): AsyncGenerator<RunUpdate> {
  let after: string | null = null;
  let failures = 0;
  let silentSince = performance.now();
  for (;;) {
    try {
      const variables: { id: string; after?: string } = after === null ? { id } : { id, after };
      for await (const { flowRunUpdates } of cloud.subscribe("FlowRunUpdates", variables, io.interrupted)) {
        const { sealKeys, ...flowRun } = flowRunUpdates.flowRun;
        const update: RunUpdate = await cloud.reader.open(sealKeys, { ...flowRunUpdates, flowRun });
        after = update.after;
        failures = 0;
        silentSince = performance.now();
        yield update;
      }
      return;
    } catch (error) {
      const cause = error instanceof Error && isRetryable(error.cause) ? error.cause : error;
      if (io.interrupted.aborted || !isRetryable(cause) || performance.now() - silentSince > PATIENCE_MS) throw error;
      failures += 1;
      const waitMs = backoff({ attempt: failures, baseMs: 200, maxMs: 5_000, random: Math.random() });
      await sleep(waitMs, undefined, { signal: io.interrupted }).catch(() => {});
    }
  }
}
