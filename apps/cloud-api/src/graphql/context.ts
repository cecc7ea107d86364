import type { Principal } from "../api-keys/api-keys.ts";
import type { AuditNote } from "../audit/audited.ts";
import type { IdempotentRequest } from "../idempotency/idempotent-request.ts";
import type { Batches } from "./batches.ts";
import type { GraphqlDeps } from "./deps.ts";

/** What a resolver has at hand. */
export interface GraphqlContext extends GraphqlDeps {
  /** Who asks. It comes from the credential and from nowhere else. */
  readonly principal: Principal;
  /** The principal's. Every statement of every resolver takes its tenant from here. */
  readonly tenantId: string;
  /** Network address that the request came from. */
  readonly address: string | null;
  /** The operation as it was sent. */
  readonly params: unknown;
  /** Null: the request carries no idempotency key. */
  readonly idempotency: IdempotentRequest | null;
  /** What the mutation that is resolved now adds to its entry in the audit log. */
  audited: AuditNote;
  /** Joins the questions of many rows into one statement. */
  readonly batches: Batches;
  /** Aborted when the client is gone or the server closes. */
  readonly gone: AbortSignal;
}
