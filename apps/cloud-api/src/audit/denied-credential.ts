import type { Refusal } from "@weir/protocol";
import type { FastifyRequest } from "fastify";
import type { Pool } from "pg";
import { keyLookup } from "../api-keys/key-format.ts";
import { knownKeysOf } from "../api-keys/known-keys.ts";
import { outcomeOf } from "./audited.ts";
import { recordAudit } from "./record-audit.ts";

/** A program that tries again each second shall not fill the log: one entry in this time for a key and a reason. */
const ONCE_MS = 60_000;
const MOST = 10_000;

/** Writes down keys that are turned away. Of one that nobody has there is no tenant to tell; such are only refused. */
export class DeniedCredentials {
  readonly #pool: Pool;
  readonly #now: () => number;
  readonly #toldAt = new Map<string, number>();

  /** @param now monotonic milliseconds */
  constructor(pool: Pool, now: () => number) {
    this.#pool = pool;
    this.#now = now;
  }

  /** In the scope of every tenant: whose key it is is read here. */
  async note({ headers, ip }: Pick<FastifyRequest, "headers" | "ip">, refusal: Refusal): Promise<void> {
    const key = /^Bearer +(weir_[ua]_\w+)$/i.exec(headers.authorization ?? "")?.[1];
    if (key === undefined || outcomeOf(refusal.code, false) !== "denied") return;
    const known = await knownKeysOf(this.#pool).byLookup(keyLookup(key));
    // A key that is wrong from its first characters on is nobody's; one of which only these are right is a try at somebody's.
    if (known === null || this.#wasTold(`${known.id} ${refusal.code}`)) return;
    const { tenantId, id, scope } = known;
    const actor = { kind: scope === "agent" ? "agent" : "key", id, keyId: id };
    const told = { outcome: "denied", code: refusal.code } as const;
    await recordAudit(this.#pool, { tenantId, actor, address: ip, action: "useCredential", ...told });
  }

  #wasTold(what: string): boolean {
    const now = this.#now();
    const before = this.#toldAt.get(what);
    if (before !== undefined && now - before < ONCE_MS) return true;
    if (this.#toldAt.size >= MOST) this.#toldAt.clear();
    this.#toldAt.set(what, now);
    return false;
  }
}
