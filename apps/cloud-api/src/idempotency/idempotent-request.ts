import { createHmac } from "node:crypto";
import { Refusal } from "@weir/protocol";
import { digestText } from "../digest-text.ts";
import type { Pool } from "pg";
import type { Principal } from "../api-keys/api-keys.ts";
import type { CloudSecrets } from "../secrets.ts";
import { GIVE_KEY_BACK, KEEP_REPLY, READ_KEY, TAKE_KEY } from "./idempotency-key.sql.ts";
import { openReply, sealReply } from "./sealed-reply.ts";

/** An answer over HTTP. */
export interface KeptReply {
  readonly status: number;
  readonly text: string;
}

export interface IdempotencyDeps {
  readonly pool: Pool;
  readonly secrets: Pick<CloudSecrets, "digestKey" | "replyKey">;
}

const HEADER = /^"?([\x21\x23-\x7e]{1,200})"?$/;
const RETRY_SECONDS = 1;

/**
 * Reads the header Idempotency-Key; null when there is none.
 * @throws Refusal INVALID
 */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null;
  const [, key] = (typeof header === "string" && HEADER.exec(header)) || [];
  if (key !== undefined) return key;
  throw new Refusal(
    "INVALID",
    "The header idempotency-key takes one text of 1 to 200 printable ASCII characters without spaces, such as a UUID.",
  );
}

/** A request that carries an idempotency key: the same key again is answered as the first was, and has no effect. Of each key or person alone. */
export class IdempotentRequest {
  readonly #deps: IdempotencyDeps;
  readonly #key: string;
  readonly #place: readonly [tenantId: string, actorId: string, keyHash: Buffer];
  #takenAt: string | null = null;
  #unsettled = false;
  #replay: KeptReply | null = null;

  constructor(deps: IdempotencyDeps, { tenantId, keyId, userId }: Principal, key: string) {
    this.#deps = deps;
    this.#key = key;
    const actorId = keyId ?? userId ?? tenantId;
    this.#place = [tenantId, actorId, this.#digest(["key", tenantId, actorId, key])];
  }

  /** What was answered when it came first; null: it was begun now, or it is none that has an effect. */
  get replay(): KeptReply | null {
    return this.#replay;
  }

  /**
   * Takes the key, before anything is begun. Answers false when the request was answered already: then `replay` is the answer.
   * @param request the operation with its variables
   * @throws Refusal CONFLICT for the key of another request, IN_PROGRESS for one that is being worked on
   */
  async begin(request: unknown): Promise<boolean> {
    const values = [...this.#place, this.#digest(["request", request])];
    const taken = await this.#deps.pool.query<{ askedAt: string }>(TAKE_KEY, values);
    this.#takenAt = taken.rows[0]?.askedAt ?? null;
    if (this.#takenAt !== null) return true;
    const { rows } = await this.#deps.pool.query<{ isSame: boolean; status: number | null; reply: Buffer | null }>(
      READ_KEY,
      values,
    );
    const [before] = rows;
    if (before !== undefined && !before.isSame)
      throw new Refusal(
        "CONFLICT",
        "The idempotency key came with another request before; nothing was done. Give each request a key of its own.",
      );
    // Given back in this moment, it is as good as being worked on.
    if (before === undefined || before.status === null || before.reply === null)
      throw new Refusal(
        "IN_PROGRESS",
        "The same request is being worked on at this moment; ask again for its answer.",
        {
          retryAfterSeconds: RETRY_SECONDS,
        },
      );
    const text = openReply(this.#deps.secrets, this.#key, before.reply);
    this.#replay = { status: before.status, text };
    return false;
  }

  /** Says that what happened is not the last word: the same request may succeed later, and is then to be begun again. */
  letGo(): void {
    this.#unsettled = true;
  }

  /** Keeps the answer for those who ask again, or lets them begin anew where it is not the last word. */
  async end({ status, text }: KeptReply): Promise<void> {
    if (this.#takenAt === null) return;
    const { pool, secrets } = this.#deps;
    if (this.#unsettled || status >= 429) await pool.query(GIVE_KEY_BACK, [...this.#place, this.#takenAt]);
    else await pool.query(KEEP_REPLY, [...this.#place, status, sealReply(secrets, this.#key, text)]);
  }

  /**
   * A key for one thing that the request makes, so that it is made once even where the cloud could not keep the answer.
   * @param name of the field that makes it, as the request calls it
   */
  keyOf(name: string): string {
    return `request-${this.#digest(["thing", ...this.#place.slice(0, 2), this.#key, name]).toString("hex")}`;
  }

  #digest(value: unknown): Buffer {
    return createHmac("sha256", this.#deps.secrets.digestKey).update(digestText(value)).digest();
  }
}
