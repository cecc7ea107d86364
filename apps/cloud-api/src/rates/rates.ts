import { Refusal } from "@weir/protocol";
import type { Principal } from "../api-keys/api-keys.ts";
import { Buckets } from "./buckets.ts";

/** How much may be asked for in a minute, at each replica; 0: no limit. */
export interface RateLimits {
  /** Cost of GraphQL operations: fields that the reply could have, and `REQUEST_COST` for each request. Of one key, or one person. */
  readonly costOfKey: number;
  /** The same, of all keys and people of a tenant. */
  readonly costOfTenant: number;
  /** Claims of a tenant's agents. */
  readonly claims: number;
  /** Enrolments of a tenant's agents. */
  readonly enrolments: number;
  /** What is asked without a credential, such as signing in, from one network address. */
  readonly strangers: number;
}

/** What a GraphQL request costs before anybody knows what it asks for. */
export const REQUEST_COST = 10;

/**
 * The budgets of a replica. Each kind of work has one of its own, so that none takes another's room; reports of running work have none:
 * their lane cannot be exhausted by anything else that their tenant does.
 */
export class Rates {
  readonly #keyCosts: Buckets;
  readonly #tenantCosts: Buckets;
  readonly #claims: Buckets;
  readonly #enrolments: Buckets;
  readonly #strangers: Buckets;

  /** @param now monotonic milliseconds */
  constructor(limits: RateLimits, now: () => number) {
    this.#keyCosts = new Buckets(limits.costOfKey, now);
    this.#tenantCosts = new Buckets(limits.costOfTenant, now);
    this.#claims = new Buckets(limits.claims, now);
    this.#enrolments = new Buckets(limits.enrolments, now);
    this.#strangers = new Buckets(limits.strangers, now);
  }

  /** Takes what a GraphQL operation costs. @throws Refusal RATE_LIMITED */
  takeCost({ tenantId, keyId, userId }: Principal, cost: number): void {
    const own = keyId ?? userId ?? tenantId;
    refuseUntil(this.#keyCosts.secondsUntil(own, cost), "This key");
    refuseUntil(this.#tenantCosts.secondsUntil(tenantId, cost), "This tenant, with all of its keys,");
    this.#keyCosts.take(own, cost);
    this.#tenantCosts.take(tenantId, cost);
  }

  /** @throws Refusal RATE_LIMITED */
  takeClaim(tenantId: string): void {
    takeOne(this.#claims, tenantId, "The agents of this tenant", "claims");
  }

  /** @throws Refusal RATE_LIMITED */
  takeEnrolment(tenantId: string): void {
    takeOne(this.#enrolments, tenantId, "The agents of this tenant", "enrolments");
  }

  /** @throws Refusal RATE_LIMITED */
  takeStranger(address: string): void {
    takeOne(this.#strangers, address, "This network address", "requests without a credential");
  }
}

function takeOne(buckets: Buckets, name: string, who: string, what: string): void {
  refuseUntil(buckets.secondsUntil(name, 1), who, what);
  buckets.take(name, 1);
}

function refuseUntil(seconds: number, who: string, what = "of GraphQL"): void {
  if (seconds === 0) return;
  const sentence = `${who} asked for more ${what} in a minute than is allowed; nothing was done. Wait ${seconds} s and ask again.`;
  throw new Refusal("RATE_LIMITED", sentence, { retryAfterSeconds: seconds });
}
