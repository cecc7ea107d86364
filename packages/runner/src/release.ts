import type { CloudClient } from "@weir/client";
import type { Gate, RunScope } from "@weir/gate";
import type { ReleaseReason } from "@weir/protocol";
import type { RunnerConfig } from "./config.ts";
import { verdictOn } from "./report-verdict.ts";
import { pauseFor, retryPauseMs } from "./retry-pause.ts";

/** How giving a lease back went. `refused`: it was not ours any more. `unheard`: told to stop before the cloud answered. */
export type Released =
  | { readonly kind: "released" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unheard" };

/** Gives a lease back; tries until the cloud answers or `signal` says stop. */
export async function releaseLease(o: {
  client: CloudClient;
  gate: Gate;
  scope: RunScope;
  config: RunnerConfig;
  runId: string;
  attempt: number;
  token: string;
  reason: ReleaseReason;
  dueInMs?: number | undefined;
  signal: AbortSignal;
}): Promise<Released> {
  const { client, gate, scope, config, runId, attempt, token, reason, signal } = o;
  const dueInMs = o.dueInMs === undefined ? {} : { dueInMs: Math.round(o.dueInMs) };
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      const passed = await gate.pass("release", { attempt, reason, ...dueInMs }, { scope });
      await client.send(passed, { token, runId, signal });
      return { kind: "released" };
    } catch (error) {
      const verdict = verdictOn(error);
      if (verdict.do === "give up") return { kind: "refused", reason: verdict.reason };
      await pauseFor(retryPauseMs(error, failures, config, Math.random()), signal);
    }
  }
  return { kind: "unheard" };
}
