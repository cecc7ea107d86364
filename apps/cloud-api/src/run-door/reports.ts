import { LIMITS, Refusal, type ReportReply, sealKeysGroup } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import Type from "typebox";
import type { DoorDeps } from "../app.ts";
import { cancelChildren } from "../flow-runs/cancel-flow-run.ts";
import { reportEvents } from "../flow-runs/report-events.ts";
import { LogMeter } from "../quotas/log-meter.ts";
import { TaskIds } from "../task-runs/task-ids.ts";
import { isWorn, makeRunPass, type RunPass, signRunPass } from "../tokens/tokens.ts";
import { doorRoute } from "./door-route.ts";

/**
 * The report as its envelope alone. The protocol's `Report` would refuse the whole batch for one event that it cannot read; here each
 * event is read by itself.
 */
const Envelope = Type.Object(
  {
    attempt: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    first: Type.Integer({ minimum: 1, maximum: 2_147_483_647 - LIMITS.eventsPerReport }),
    events: Type.Array(Type.Unknown(), { maxItems: LIMITS.eventsPerReport }),
    sealKeys: sealKeysGroup(),
  },
  { additionalProperties: false },
);
type Envelope = Type.Static<typeof Envelope>;

/** `POST /v1/runs/:id/reports` */
export function registerReports(
  door: FastifyInstance,
  { lanes, secrets, config, passes, knownRuns, hints, granter, log }: DoorDeps,
): void {
  const pool = lanes.reports;
  const deps = {
    pool,
    knownRuns,
    taskIds: new TaskIds(pool),
    leaseSeconds: config.leaseSeconds,
    logMeter: new LogMeter(pool, () => performance.now()),
    onChange: (runId: string) => hints.changed(runId),
    onCancelled: (run: { tenantId: string; id: string }) =>
      void cancelChildren(pool, run).catch((error: unknown) =>
        log.warn(
          { runId: run.id, err: error },
          "its children could not be cancelled; the loop child-canceller does it",
        ),
      ),
    onFreed: (tenantId: string) => granter.freed(tenantId),
  };
  const freshToken = async (worn: RunPass) => {
    const pass = makeRunPass(worn, config.leaseSeconds, Date.now());
    const token = await signRunPass(secrets, pass);
    passes.put(token, pass);
    return token;
  };
  const handler = async (request: FastifyRequest<{ Body: Envelope }>): Promise<ReportReply> => {
    const pass = requirePass(request, request.body.attempt);
    const stored = await reportEvents(deps, pass, request.body);
    if (stored.leaseSeconds === undefined || !isWorn(pass, Date.now())) return stored;
    return { ...stored, runToken: await freshToken(pass) };
  };
  const route = { ...doorRoute("report"), schema: { body: Envelope }, bodyLimit: LIMITS.reportBytes };
  door.route<{ Body: Envelope }>({ ...route, handler });
}

/** @throws Refusal FORBIDDEN when the body names another attempt than the token */
export function requirePass(request: FastifyRequest, attempt: number): RunPass {
  const pass = request.runPass;
  if (pass === null) throw new Refusal("UNAUTHENTICATED", "This address needs a run token.");
  if (pass.attempt === attempt) return pass;
  throw new Refusal(
    "FORBIDDEN",
    `The run token is of attempt ${pass.attempt}, but the message names attempt ${attempt}.`,
  );
}
