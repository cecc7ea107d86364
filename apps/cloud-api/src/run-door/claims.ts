import { type ClaimedRun, type ClaimReply, type ClaimRequest, Refusal } from "@weir/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { checkKeyById } from "../api-keys/api-keys.ts";
import { SeenAgents } from "../agents/seen-agents.ts";
import type { DoorDeps } from "../app.ts";
import { inTenant } from "../database/tenant-scope.ts";
import { type Claimant, type Claimed, claimFlowRuns, readNextDue } from "../flow-runs/claim-flow-runs.ts";
import { OrdersTold } from "../flow-runs/orders-told.ts";
import { type WaitingClaim, WaitingClaims } from "../flow-runs/waiting-claims.ts";
import { makeRunPass, type Session, signRunPass } from "../tokens/tokens.ts";
import { doorRoute } from "./door-route.ts";

/** `POST /v1/claims`: a long-poll. Answers as soon as there is work or an order, at the latest after `waitSeconds`. */
export function registerClaims(door: FastifyInstance, deps: DoorDeps): void {
  const pool = deps.lanes.claims;
  const waiting = new WaitingClaims(
    deps.wake,
    (tenantId) => inTenant(tenantId, () => readNextDue(pool, tenantId)),
    deps.config.pollSeconds * 1000,
  );
  const claims = {
    ...deps,
    waiting,
    told: new OrdersTold(pool),
    seen: new SeenAgents(pool),
  };
  // A server that closes waits for its requests, and these would wait for work.
  door.addHook("preClose", async () => waiting.close());
  const handler = async ({ session, body }: FastifyRequest<{ Body: ClaimRequest }>, reply: FastifyReply) => {
    if (session === null) throw new Refusal("UNAUTHENTICATED", "Claiming needs a session token.");
    return await claim(claims, session, body, reply);
  };
  door.route<{ Body: ClaimRequest }>({ ...doorRoute("claim"), bodyLimit: 1024 * 1024, handler });
}

interface ClaimDeps extends DoorDeps {
  readonly waiting: WaitingClaims;
  readonly told: OrdersTold;
  readonly seen: SeenAgents;
}

async function claim(
  deps: ClaimDeps,
  session: Session,
  request: ClaimRequest,
  reply: FastifyReply,
): Promise<ClaimReply> {
  const { agentId, tenantId } = session;
  const { labels, projects = null } = request;
  const claimant: Claimant = { agentId, tenantId, labels, projects, networks: session.networks ?? [] };
  const came = performance.now();
  const until = came + Math.min(request.waitSeconds, longestWaitSeconds(deps.config)) * 1000;
  deps.seen.note(tenantId, agentId, request);
  let waiting = deps.waiting.join(tenantId, kindOf(request));
  let aside = false;
  let mayWait = waiting.isCovered && until > came;
  const stopListening = listen(deps, request, reply, () => waiting);
  try {
    for (;;) {
      // Before the look: the database may grant the leases at any moment from here on, and none earlier.
      const waitedSeconds = (performance.now() - came) / 1000;
      const { answer, agentPaused } = await look(
        deps,
        claimant,
        { ...request, room: mayWait ? 0 : request.room },
        reply,
        waiting,
      );
      const left = until - performance.now();
      const found = answer.runs.length > 0;
      const over = found || answer.orders.length > 0 || left <= 0 || isGone(reply) || deps.waiting.closed;
      if (over) return found ? { ...answer, waitedSeconds } : answer;
      if (agentPaused && !aside) {
        // Of a kind of its own: a wake-up that it cannot use is for the others, and it shall hear of its own resume, which may have come just now.
        waiting.leave();
        waiting = deps.waiting.join(tenantId, `paused ${agentId}`);
        aside = true;
        continue;
      }
      mayWait = false;
      if (!(await waiting.wait(left))) return NOTHING;
      // Half a minute may have passed: a key that was revoked meanwhile claims nothing more.
      await checkKeyById(deps.lanes.claims, session.keyId, reply.request.ip);
    }
  } finally {
    stopListening();
    waiting.leave();
  }
}

const NOTHING: ClaimReply = { runs: [], orders: [] };

/**
 * No claim waits for longer than two thirds of a lease. An agent whose machine lost its power leaves a claim behind that looks as if it were
 * waiting still: when the leases of its runs end, that claim must be over, or they would be given to nobody for another lease.
 */
const longestWaitSeconds = ({ leaseSeconds }: { leaseSeconds: number }) => (leaseSeconds * 2) / 3;

/** Claims of one kind are woken one at a time, so all of them must be able to take the same runs: one without room hears of orders only. */
const kindOf = ({ labels, projects, room }: ClaimRequest) =>
  JSON.stringify([[...labels].sort(), projects ?? null, room > 0]);

interface Look {
  readonly answer: ClaimReply;
  readonly agentPaused: boolean;
}

/** One look at the database. A run that is claimed here, but whose reply is lost, comes back when its lease runs out. */
async function look(
  deps: ClaimDeps,
  claimant: Claimant,
  request: ClaimRequest,
  reply: FastifyReply,
  waiting: WaitingClaim,
): Promise<Look> {
  const orders = await deps.told.untold(claimant, request.holding);
  // Whoever hung up would not get what is claimed for it.
  if (request.room === 0 || isGone(reply) || deps.waiting.closed) {
    return { answer: { runs: [], orders }, agentPaused: false };
  }
  const { claimed, agentPaused } = await claimFlowRuns(
    deps.lanes.claims,
    claimant,
    request.room,
    deps.config.leaseSeconds,
  );
  if (claimed.length > 0) waiting.found();
  for (const { view } of claimed) deps.hints.changed(view.runId);
  const runs = await Promise.all(claimed.map((one) => toMessage(deps, claimant, one)));
  return { answer: { runs, orders }, agentPaused };
}

async function toMessage(
  deps: ClaimDeps,
  { tenantId, agentId, networks = [] }: Claimant,
  claimed: Claimed,
): Promise<ClaimedRun> {
  const { leaseSeconds, reportSeconds } = deps.config;
  const { runId, attempt } = claimed.row;
  const pass = makeRunPass({ runId, attempt, tenantId, agentId, networks }, leaseSeconds, Date.now());
  const runToken = await signRunPass(deps.secrets, pass);
  // Its first report is likely to come here, a few milliseconds from now.
  deps.passes.put(runToken, pass);
  deps.knownRuns.begin(claimed.view);
  return { ...claimed.row, leaseSeconds, reportSeconds, runToken };
}

/** Ends the wait when the client hangs up, or an order comes for a run that it holds. */
function listen(deps: ClaimDeps, request: ClaimRequest, reply: FastifyReply, waiting: () => WaitingClaim): () => void {
  const stopWaiting = () => waiting().stop();
  const nudge = () => waiting().nudge();
  reply.raw.once("close", stopWaiting);
  const stops = request.holding.map((runId) => deps.wake.onOrder(runId, nudge));
  return () => {
    reply.raw.off("close", stopWaiting);
    for (const stop of stops) stop();
  };
}

const isGone = (reply: FastifyReply) => reply.raw.destroyed || reply.raw.socket?.destroyed === true;
