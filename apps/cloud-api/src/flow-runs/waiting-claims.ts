import type { Wake } from "../wake/wake.ts";

// Ten thousand agents may wait for one run. Were all of them woken by each NOTIFY, one would get it and the others would have asked for
// nothing. So one of each kind (same labels, same projects) is woken, and only when it found work is the next of its kind.
//
// For the same reason a claim that comes where others of its kind wait already has nothing to look for: they have looked, and what came since
// then has woken one of them. Ten thousand agents that come back every half minute ask the database for next to nothing.

/** Which of a tenant's runs wait for their time. */
export interface NextDue {
  /** Whether the time of one has come, and nobody has it. */
  readonly isDue: boolean;
  /** Until that of the next one comes; null: there is none. */
  readonly seconds: number | null;
}

/** A claim that waits. */
export interface WaitingClaim {
  /** Whether another of its kind waits: what there is to find is found by that one, and this one may wait without a look. */
  readonly isCovered: boolean;
  /**
   * Calls `then` when work may be there, when `nudge` or `stop` is called, or after `ms`: at once when work may have come since the last look.
   * It is told whether there is a reason to look again; false when just the time was over. A call and no promise, since ten thousand wait.
   */
  wait(ms: number, then: (isReason: boolean) => void): void;
  /** Ends this wait: there may be an order. */
  nudge(): void;
  /** Ends this wait and all later ones: the client is gone, or the cloud stops. */
  stop(): void;
  /** The claim found work: there may be more for others of its kind. */
  found(): void;
  /** The claim is over. A wake-up that it did not use goes to the next. */
  leave(): void;
}

/** The claims that wait in this process, by tenant. */
export class WaitingClaims {
  readonly #wake: Pick<Wake, "onWork">;
  readonly #tenants = new Map<string, TenantClaims>();
  readonly #nextDue: (tenantId: string) => Promise<NextDue>;
  readonly #pollMs: number;
  #closed = false;

  constructor(wake: Pick<Wake, "onWork">, nextDue: (tenantId: string) => Promise<NextDue>, pollMs: number) {
    this.#wake = wake;
    this.#nextDue = nextDue;
    this.#pollMs = pollMs;
  }

  /** Whether the cloud stops: claims answer at once. */
  get closed(): boolean {
    return this.#closed;
  }

  join(tenantId: string, kind: string): WaitingClaim {
    const tenant = this.#tenants.get(tenantId) ?? this.#add(tenantId);
    return tenant.join(kind);
  }

  #add(tenantId: string): TenantClaims {
    const tenant = new TenantClaims(() => this.#nextDue(tenantId), this.#pollMs);
    const stopListening = this.#wake.onWork(tenantId, () => tenant.workMayBeThere());
    tenant.onIdle = () => {
      stopListening();
      this.#tenants.delete(tenantId);
    };
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }

  /** Ends all waits. */
  close(): void {
    this.#closed = true;
    for (const tenant of this.#tenants.values()) tenant.stopAll();
  }
}

class Claim implements WaitingClaim {
  readonly #group: Group;
  #then: ((isReason: boolean) => void) | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** Woken, but has not told yet what it found. */
  #owes = false;
  #stopped = false;
  #nudged = false;

  constructor(group: Group) {
    this.#group = group;
  }

  get isIdle(): boolean {
    return this.#then !== null;
  }

  get isCovered(): boolean {
    return this.#group.hasIdle;
  }

  wait(ms: number, then: (isReason: boolean) => void): void {
    this.#owes = false;
    const nudged = this.#nudged;
    this.#nudged = false;
    if (nudged || this.#stopped) return then(true);
    if (ms <= 0) return then(false);
    if (this.#group.takeMissed()) {
      this.#owes = true;
      return then(true);
    }
    this.#then = then;
    this.#timer = setTimeout(timeIsOver, inSteps(ms), this);
  }

  #end(isReason: boolean): void {
    const then = this.#then;
    this.#then = null;
    clearTimeout(this.#timer);
    then?.(isReason);
  }

  timeIsOver(): void {
    this.#end(false);
  }

  wakeUp(): void {
    this.#owes = true;
    this.#end(true);
  }

  nudge(): void {
    this.#nudged = true;
    this.#end(true);
  }

  stop(): void {
    this.#stopped = true;
    this.#end(true);
  }

  found(): void {
    this.#owes = false;
    this.#group.wakeOne();
  }

  leave(): void {
    this.#end(true);
    this.#group.remove(this);
    if (this.#owes) this.#group.wakeOne();
  }
}

const timeIsOver = (claim: Claim) => claim.timeIsOver();

const STEP_MS = 100;

/** Node keeps one list of timers for each length: ten thousand agents with waits of their own would be as many lists. */
const inSteps = (ms: number) => (ms < STEP_MS ? ms : Math.floor(ms / STEP_MS) * STEP_MS);

/** Claims of one kind, the longest waiting first. */
class Group {
  readonly #claims = new Set<Claim>();
  readonly #onEmpty: () => void;
  /** Work may have come while every claim of the kind was busy looking. */
  #missed = false;

  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  add(): Claim {
    const claim = new Claim(this);
    this.#claims.add(claim);
    return claim;
  }

  remove(claim: Claim): void {
    this.#claims.delete(claim);
    if (this.#claims.size === 0) this.#onEmpty();
  }

  wakeOne(): void {
    for (const claim of this.#claims) {
      if (!claim.isIdle) continue;
      claim.wakeUp();
      return;
    }
    this.#missed = this.#claims.size > 0;
  }

  get hasIdle(): boolean {
    for (const claim of this.#claims) if (claim.isIdle) return true;
    return false;
  }

  takeMissed(): boolean {
    const missed = this.#missed;
    this.#missed = false;
    return missed;
  }

  stopAll(): void {
    for (const claim of this.#claims) claim.stop();
  }
}

class TenantClaims {
  readonly #groups = new Map<string, Group>();
  readonly #nextDue: () => Promise<NextDue>;
  readonly #poll: NodeJS.Timeout;
  readonly #pollMs: number;
  #due: NodeJS.Timeout | undefined;
  #asking = false;
  #askAgain = false;
  /** The poll asks: whoever may take what is due is to be woken. */
  #polling = false;
  #ended = false;
  onIdle: () => void = () => undefined;

  constructor(nextDue: () => Promise<NextDue>, pollMs: number) {
    this.#nextDue = nextDue;
    this.#pollMs = pollMs;
    this.#poll = setInterval(() => this.#lookAgain(), pollMs);
    this.#poll.unref();
    this.#planDue();
  }

  join(kind: string): Claim {
    let group = this.#groups.get(kind);
    if (group === undefined) {
      group = new Group(() => this.#groups.delete(kind));
      this.#groups.set(kind, group);
    }
    return group.add();
  }

  workMayBeThere(): void {
    this.#wakeAll();
    this.#planDue();
  }

  #wakeAll(): void {
    for (const group of this.#groups.values()) group.wakeOne();
  }

  stopAll(): void {
    for (const group of this.#groups.values()) group.stopAll();
    this.#end();
  }

  /**
   * The poll behind the hints, once for all kinds: nobody is woken where nothing is due. A tenant without a claim is kept for one turn: agents that
   * take run after run leave and come hundreds of times a second.
   */
  #lookAgain(): void {
    if (this.#groups.size === 0) return this.#end();
    this.#polling = true;
    this.#planDue();
  }

  #end(): void {
    this.#ended = true;
    clearInterval(this.#poll);
    clearTimeout(this.#due);
    this.onIdle();
  }

  /** Rings when the next run comes due, where that is before the next poll. One question for all who wait, and one at a time. */
  #planDue(): void {
    this.#askAgain = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    void this.#nextDue()
      // The database is away: the poll asks again.
      .catch(() => ({ isDue: false, seconds: null }))
      .then(({ isDue, seconds }) => {
        this.#asking = false;
        // Not after a hint: all were woken by it, and what none of them could take would wake them without end.
        if (isDue && this.#polling) this.#wakeAll();
        this.#polling = false;
        this.#ringIn(seconds);
        // A run that came while this question was under way may not have been seen by it.
        if (this.#askAgain) this.#planDue();
      });
  }

  #ringIn(seconds: number | null): void {
    clearTimeout(this.#due);
    if (seconds === null || seconds * 1000 > this.#pollMs || this.#ended) return;
    // 5 ms more, so that the database's clock has passed the moment too.
    this.#due = setTimeout(() => this.workMayBeThere(), seconds * 1000 + 5);
    this.#due.unref();
  }
}
