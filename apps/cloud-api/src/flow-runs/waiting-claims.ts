import type { Wake } from "../wake/wake.ts";

// Ten thousand agents may wait for one run. Were all of them woken by each NOTIFY, one would get it and the others would have asked for
// nothing. So one of each kind (same labels, same projects) is woken, and only when it found work is the next of its kind.

/** A claim that waits. */
export interface WaitingClaim {
  /** Resolves when work may be there, when `stop` is called, or after `ms`. At once when work may have come since the last look. */
  wait(ms: number): Promise<void>;
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
  /** Seconds until the tenant's next run comes due, or null. */
  readonly #nextDue: (tenantId: string) => Promise<number | null>;
  readonly #pollMs: number;
  #closed = false;

  constructor(wake: Pick<Wake, "onWork">, nextDue: (tenantId: string) => Promise<number | null>, pollMs: number) {
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
  #end: (() => void) | null = null;
  /** Woken, but has not told yet what it found. */
  #owes = false;
  #stopped = false;
  #nudged = false;

  constructor(group: Group) {
    this.#group = group;
  }

  get isIdle(): boolean {
    return this.#end !== null;
  }

  async wait(ms: number): Promise<void> {
    this.#owes = false;
    const nudged = this.#nudged;
    this.#nudged = false;
    if (nudged || this.#stopped || ms <= 0) return;
    if (this.#group.takeMissed()) {
      this.#owes = true;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#end?.(), ms);
      this.#end = () => {
        clearTimeout(timer);
        this.#end = null;
        resolve();
      };
    });
  }

  wakeUp(): void {
    this.#owes = true;
    this.#end?.();
  }

  nudge(): void {
    this.#nudged = true;
    this.#end?.();
  }

  stop(): void {
    this.#stopped = true;
    this.#end?.();
  }

  found(): void {
    this.#owes = false;
    this.#group.wakeOne();
  }

  leave(): void {
    this.#end?.();
    this.#group.remove(this);
    if (this.#owes) this.#group.wakeOne();
  }
}

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
  readonly #nextDue: () => Promise<number | null>;
  readonly #poll: NodeJS.Timeout;
  readonly #pollMs: number;
  #due: NodeJS.Timeout | undefined;
  #asking = false;
  #askAgain = false;
  #ended = false;
  onIdle: () => void = () => undefined;

  constructor(nextDue: () => Promise<number | null>, pollMs: number) {
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
    for (const group of this.#groups.values()) group.wakeOne();
    this.#planDue();
  }

  stopAll(): void {
    for (const group of this.#groups.values()) group.stopAll();
    this.#end();
  }

  /** A tenant without a claim is kept for one turn: agents that take run after run leave and come hundreds of times a second. */
  #lookAgain(): void {
    if (this.#groups.size > 0) this.workMayBeThere();
    else this.#end();
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
      .catch(() => null)
      .then((seconds) => {
        this.#asking = false;
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
