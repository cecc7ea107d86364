import type { ClaimedRun, ClaimReply, ClaimRequest } from "@weir/protocol";
import type { FastifyReply } from "fastify";
import type { SeenAgents } from "../agents/seen-agents.ts";
import { checkKeyById } from "../api-keys/api-keys.ts";
import type { DoorDeps } from "../app.ts";
import { inTenant } from "../database/tenant-scope.ts";
import { type Claimant, type Claimed, claimFlowRuns } from "../flow-runs/claim-flow-runs.ts";
import type { OrdersTold } from "../flow-runs/orders-told.ts";
import type { WaitingClaim, WaitingClaims } from "../flow-runs/waiting-claims.ts";
import { makeRunPass, type Session, signRunPass } from "../tokens/tokens.ts";

/** What claims stand on, all of them on the same. */
export interface ClaimDeps extends DoorDeps {
  readonly waiting: WaitingClaims;
  readonly told: OrdersTold;
  readonly seen: SeenAgents;
}

const NOTHING: ClaimReply = { runs: [], orders: [] };

/**
 * One claim, from its question to its answer. Ten thousand of them wait at a time, and what a request holds for half a minute is copied twice by
 * the collector and left in the old generation for a full collection to find: so nothing is held but this, no promise and none of the request's headers.
 */
export class ClaimPoll {
  readonly #deps: ClaimDeps;
  readonly #session: Session;
  readonly #request: ClaimRequest;
  readonly #reply: FastifyReply;
  readonly #address: string;
  readonly #came = performance.now();
  readonly #until: number;
  #waiting: WaitingClaim;
  #stops: readonly (() => void)[] = [];
  /** Of a paused agent: waits by itself. */
  #isAside = false;

  constructor(deps: ClaimDeps, session: Session, request: ClaimRequest, reply: FastifyReply) {
    this.#deps = deps;
    this.#session = session;
    this.#request = request;
    this.#reply = reply;
    this.#address = reply.request.ip;
    this.#until = this.#came + Math.min(request.waitSeconds, longestWaitSeconds(deps.config)) * 1000;
    this.#waiting = deps.waiting.join(session.tenantId, kindOf(request));
  }

  /** Sends the answer by the reply, now or later. */
  begin(): void {
    const { agentId, tenantId } = this.#session;
    const { holding } = this.#request;
    this.#deps.seen.note(tenantId, agentId, this.#request);
    const { raw } = this.#reply.request;
    raw.headers = {};
    raw.rawHeaders = [];
    this.#reply.raw.on("close", () => this.#waiting.stop());
    this.#stops = holding.map((runId) => this.#deps.wake.onOrder(runId, () => this.#waiting.nudge()));
    const mayWait = this.#waiting.isCovered && this.#until > this.#came;
    if (mayWait && holding.length === 0 && this.#isNeeded) this.#wait();
    else this.#look(mayWait ? 0 : this.#request.room);
  }

  #wait(): void {
    this.#waiting.wait(this.#until - performance.now(), (isReason) => {
      if (isReason) this.#lookAgain();
      else this.#answer(NOTHING);
    });
  }

  #look(room: number): void {
    void inTenant(this.#session.tenantId, () => this.#lookFor(room)).catch((error: unknown) => this.#fail(error));
  }

  #lookAgain(): void {
    // Half a minute may have passed: a key that was revoked meanwhile claims nothing more.
    void inTenant(this.#session.tenantId, async () => {
      await checkKeyById(this.#deps.lanes.claims, this.#session.keyId, this.#address);
      await this.#lookFor(this.#request.room);
    }).catch((error: unknown) => this.#fail(error));
  }

  async #lookFor(room: number): Promise<void> {
    // Before the look: the database may grant the leases at any moment from here on, and none earlier.
    const waitedSeconds = (performance.now() - this.#came) / 1000;
    const { answer, isPaused } = await this.#find(room);
    const found = answer.runs.length > 0;
    const isLate = this.#until <= performance.now();
    if (found || answer.orders.length > 0 || isLate || !this.#isNeeded)
      return this.#answer(found ? { ...answer, waitedSeconds } : answer);
    if (isPaused && !this.#isAside) return await this.#stepAside();
    this.#wait();
  }

  /**
   * Of a kind of its own: a wake-up that it cannot use is for the others, and it shall hear of its own resume, which may have come just
   * now, so it looks once more.
   */
  async #stepAside(): Promise<void> {
    this.#isAside = true;
    this.#waiting.leave();
    this.#waiting = this.#deps.waiting.join(this.#session.tenantId, `paused ${this.#session.agentId}`);
    await this.#lookFor(this.#request.room);
  }

  /** One look at the database. A run that is claimed here, but whose reply is lost, comes back when its lease runs out. */
  async #find(room: number): Promise<{ answer: ClaimReply; isPaused: boolean }> {
    const { lanes, config, told, hints } = this.#deps;
    const { agentId, tenantId, networks = [] } = this.#session;
    const { labels, projects = null, holding } = this.#request;
    const claimant: Claimant = { agentId, tenantId, labels, projects, networks };
    const orders = await told.untold(claimant, holding);
    if (room === 0 || !this.#isNeeded) return { answer: { runs: [], orders }, isPaused: false };
    const { claimed, agentPaused } = await claimFlowRuns(lanes.claims, claimant, room, config.leaseSeconds);
    if (claimed.length > 0) this.#waiting.found();
    for (const { view } of claimed) hints.changed(view.runId);
    const runs = await Promise.all(claimed.map(async (one) => await toMessage(this.#deps, claimant, one)));
    return { answer: { runs, orders }, isPaused: agentPaused };
  }

  /** Whoever hung up would not get what is claimed for it. */
  get #isNeeded(): boolean {
    const { raw } = this.#reply;
    const isGone = raw.destroyed || raw.socket?.destroyed === true;
    return !isGone && !this.#deps.waiting.closed;
  }

  #answer(answer: ClaimReply): void {
    this.#end();
    void this.#reply.send(answer);
  }

  #fail(error: unknown): void {
    this.#end();
    void this.#reply.send(error);
  }

  #end(): void {
    for (const stop of this.#stops) stop();
    this.#waiting.leave();
  }
}

/**
 * No claim waits for longer than two thirds of a lease. An agent whose machine lost its power leaves a claim behind that looks as if it were
 * waiting still: when the leases of its runs end, that claim must be over, or they would be given to nobody for another lease.
 */
const longestWaitSeconds = ({ leaseSeconds }: { leaseSeconds: number }) => (leaseSeconds * 2) / 3;

/** Claims of one kind are woken one at a time, so all of them must be able to take the same runs: one without room hears of orders only. */
const kindOf = ({ labels, projects, room }: ClaimRequest) =>
  JSON.stringify([[...labels].sort(), projects ?? null, room > 0]);

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
