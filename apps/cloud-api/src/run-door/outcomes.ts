import { isTerminal, type OutcomeReply, type OutcomeRequest } from "@weir/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { DoorDeps } from "../app.ts";
import { setAlarm } from "../flow-runs/alarm.ts";
import { readOutcome } from "../flow-runs/read-outcome.ts";
import { requireLiveAttempt } from "../flow-runs/require-live-attempt.ts";
import type { RunPass } from "../tokens/tokens.ts";
import { doorRoute } from "./door-route.ts";
import { requirePass } from "./reports.ts";

/** A run that reports wakes whoever waits for its end up to 20 times a second; one look in so long is enough. */
const QUIET_MS = 100;

/** `POST /v1/runs/:id/outcomes`: a long-poll. Answers when the run that is asked about is over, at the latest after `waitSeconds`. */
export function registerOutcomes(door: FastifyInstance, deps: DoorDeps): void {
  const closing = new AbortController();
  door.addHook("preClose", async () => closing.abort());
  const handler = async (request: FastifyRequest<{ Body: OutcomeRequest }>, reply: FastifyReply) => {
    const pass = requirePass(request, request.body.attempt);
    const gone = new AbortController();
    const leave = () => gone.abort();
    reply.raw.once("close", leave);
    try {
      return await waitForOutcome(deps, pass, request.body, AbortSignal.any([gone.signal, closing.signal]));
    } finally {
      reply.raw.off("close", leave);
    }
  };
  door.route<{ Body: OutcomeRequest }>({ ...doorRoute("outcome"), handler });
}

async function waitForOutcome(
  { wake, lanes, config }: DoorDeps,
  pass: RunPass,
  { runId, waitSeconds }: OutcomeRequest,
  gone: AbortSignal,
): Promise<OutcomeReply> {
  const over = AbortSignal.any([gone, AbortSignal.timeout(waitSeconds * 1000)]);
  const times = { pollMs: config.pollSeconds * 1000, quietMs: QUIET_MS };
  // Set before the first look, so that an end between the look and the wait is heard.
  const alarm = setAlarm((ring) => wake.onRun(runId, ring), over, times);
  try {
    for (;;) {
      // Each time: an attempt that has lost its run must hear of it here too.
      await requireLiveAttempt(lanes.claims, pass);
      const outcome = await readOutcome(lanes.claims, pass.tenantId, runId);
      if (isTerminal(outcome.state) || over.aborted) return outcome;
      await alarm.wait();
    }
  } finally {
    alarm.close();
  }
}
