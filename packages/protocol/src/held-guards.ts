import { type HeldTable, metadata } from "./held-column.ts";

const tenant_id = metadata("whose row it is");
const sequence = metadata("1, 2, 3 …, of each tenant");

/** What the cloud keeps to watch over itself: who did what, how much is allowed, and what was answered already. None of it comes from a flow. */
export const HELD_GUARDS = {
  audit_entries: {
    about: "who did what, or was refused; entries are added, and neither changed nor removed",
    columns: {
      tenant_id,
      sequence,
      at: metadata("when, by the clock of the replica that wrote it"),
      actor_kind: metadata("user, service-account, key, agent or system"),
      actor_id: metadata("who it was"),
      actor_name: metadata("keyed digest of the name that was given, where whoever asked was nobody known"),
      key_id: metadata("the API key that was used"),
      session_id: metadata("the session that was used"),
      address: metadata("network address that the request came from"),
      action: metadata("the operation"),
      target_kind: metadata("what kind of thing it was done to"),
      target_id: metadata("which one"),
      asked: metadata("the entry that was written before the operation was begun"),
      outcome: metadata("asked, done, refused, denied or failed"),
      code: metadata("the refusal's"),
      request: metadata("keyed digest of what was asked; what it is of is not kept"),
      before: metadata("keyed digest of the thing as it was"),
      after: metadata("keyed digest of the thing as it became"),
      previous_hash: metadata("hash of the entry before"),
      hash: metadata("SHA-256 of the hash of the entry before, the sequence number and the content of this one"),
    },
  },
  audit_heads: {
    about: "the newest audit entry of each tenant, which those that are cut off would not reach",
    columns: { tenant_id, sequence, hash: metadata("its hash") },
  },
  tenant_quotas: {
    about: "how much a tenant may have; null: as much as it likes. Whoever runs the cloud sets them",
    columns: {
      tenant_id,
      flows: metadata("flows"),
      runs_per_day: metadata("flow runs that are made in a day, by UTC"),
      log_bytes_per_day: metadata("bytes of log lines that are stored in a day, by UTC; further ones are cut"),
      kv_bytes: metadata("bytes of the key-value store"),
      keys: metadata("API keys that are neither revoked nor expired"),
      members: metadata("members"),
    },
  },
  tenant_log_bytes: {
    about: "how many bytes of log lines were stored for a tenant that has a quota of them",
    columns: { tenant_id, day: metadata("the day, by UTC"), bytes: metadata("how many") },
  },
  idempotency_keys: {
    about: "answers that are given again when the same request comes again, for a day",
    columns: {
      tenant_id,
      actor_id: metadata("who asked"),
      key_hash: metadata("digest of the key that came with the request"),
      request: metadata("keyed digest of the request; the request itself is not kept"),
      asked_at: metadata("when it came"),
      answered_at: metadata("when it was answered; null: it is being worked on"),
      status: metadata("the answer's HTTP status"),
      reply: metadata(
        "the answer, encrypted under the request's own key, which is not kept; of what a run asks the key-value store, the version alone",
      ),
    },
  },
} satisfies Record<string, HeldTable>;
