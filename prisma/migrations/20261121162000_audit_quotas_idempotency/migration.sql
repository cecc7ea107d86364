-- Who did what, how much a tenant may have, and what is answered again when the same request comes again.

CREATE TABLE "audit_entries" (
    "tenant_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID,
    "actor_name" BYTEA,
    "key_id" UUID,
    "session_id" UUID,
    "address" TEXT,
    "action" TEXT NOT NULL,
    "target_kind" TEXT,
    "target_id" TEXT,
    "asked" BIGINT,
    "outcome" TEXT NOT NULL,
    "code" TEXT,
    "request" BYTEA,
    "before" BYTEA,
    "after" BYTEA,
    "previous_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("tenant_id","sequence")
);

CREATE TABLE "audit_heads" (
    "tenant_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("tenant_id")
);

CREATE TABLE "tenant_quotas" (
    "tenant_id" UUID NOT NULL,
    "flows" INTEGER,
    "runs_per_day" INTEGER,
    "log_bytes_per_day" BIGINT,
    "kv_bytes" BIGINT,
    "keys" INTEGER,
    "members" INTEGER,

    CONSTRAINT "tenant_quotas_pkey" PRIMARY KEY ("tenant_id")
);

CREATE TABLE "tenant_log_bytes" (
    "tenant_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "tenant_log_bytes_pkey" PRIMARY KEY ("tenant_id","day")
);

CREATE TABLE "idempotency_keys" (
    "tenant_id" UUID NOT NULL,
    "actor_id" UUID NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "request" BYTEA NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answered_at" TIMESTAMPTZ(3),
    "status" INTEGER,
    "reply" BYTEA,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("tenant_id","actor_id","key_hash")
);

CREATE INDEX "audit_entries_tenant_id_actor_id_sequence_idx" ON "audit_entries"("tenant_id", "actor_id", "sequence");
CREATE INDEX "audit_entries_tenant_id_action_sequence_idx" ON "audit_entries"("tenant_id", "action", "sequence");
CREATE INDEX "audit_entries_tenant_id_at_idx" ON "audit_entries"("tenant_id", "at");
-- What the loop idempotency-sweeper removes.
CREATE INDEX "idempotency_keys_asked_at_idx" ON "idempotency_keys"("asked_at");

ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "audit_heads" ADD CONSTRAINT "audit_heads_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "tenant_quotas" ADD CONSTRAINT "tenant_quotas_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "tenant_log_bytes" ADD CONSTRAINT "tenant_log_bytes_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_outcome" CHECK ("outcome" IN ('asked', 'done', 'refused', 'denied', 'failed'));
ALTER TABLE "tenant_quotas" ADD CONSTRAINT "tenant_quotas_sizes" CHECK (
    least("flows", "runs_per_day", "log_bytes_per_day", "kv_bytes", "keys", "members") >= 0);

select tenancy.isolate('audit_entries');
select tenancy.isolate('audit_heads');
select tenancy.isolate('tenant_quotas');
select tenancy.isolate('tenant_log_bytes');
select tenancy.isolate('idempotency_keys');

-- The cloud adds to the audit log, and can neither change nor remove what stands in it.
REVOKE UPDATE, DELETE ON TABLE "audit_entries" FROM weir_app;
REVOKE DELETE ON TABLE "audit_heads" FROM weir_app;
-- No tenant, and nobody who comes in through the cloud, can give itself more.
REVOKE INSERT, UPDATE, DELETE ON TABLE "tenant_quotas" FROM weir_app;

COMMENT ON TABLE "audit_entries" IS 'who did what, or was refused; entries are added, and neither changed nor removed';
COMMENT ON COLUMN "audit_entries"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "audit_entries"."sequence" IS 'class: metadata; 1, 2, 3 …, of each tenant';
COMMENT ON COLUMN "audit_entries"."at" IS 'class: metadata; when, by the clock of the replica that wrote it';
COMMENT ON COLUMN "audit_entries"."actor_kind" IS 'class: metadata; user, service-account, key, agent or system';
COMMENT ON COLUMN "audit_entries"."actor_id" IS 'class: metadata; who it was';
COMMENT ON COLUMN "audit_entries"."actor_name" IS 'class: metadata; keyed digest of the name that was given, where whoever asked was nobody known';
COMMENT ON COLUMN "audit_entries"."key_id" IS 'class: metadata; the API key that was used';
COMMENT ON COLUMN "audit_entries"."session_id" IS 'class: metadata; the session that was used';
COMMENT ON COLUMN "audit_entries"."address" IS 'class: metadata; network address that the request came from';
COMMENT ON COLUMN "audit_entries"."action" IS 'class: metadata; the operation';
COMMENT ON COLUMN "audit_entries"."target_kind" IS 'class: metadata; what kind of thing it was done to';
COMMENT ON COLUMN "audit_entries"."target_id" IS 'class: metadata; which one';
COMMENT ON COLUMN "audit_entries"."asked" IS 'class: metadata; the entry that was written before the operation was begun';
COMMENT ON COLUMN "audit_entries"."outcome" IS 'class: metadata; asked, done, refused, denied or failed';
COMMENT ON COLUMN "audit_entries"."code" IS 'class: metadata; the refusal''s';
COMMENT ON COLUMN "audit_entries"."request" IS 'class: metadata; keyed digest of what was asked; what it is of is not kept';
COMMENT ON COLUMN "audit_entries"."before" IS 'class: metadata; keyed digest of the thing as it was';
COMMENT ON COLUMN "audit_entries"."after" IS 'class: metadata; keyed digest of the thing as it became';
COMMENT ON COLUMN "audit_entries"."previous_hash" IS 'class: metadata; hash of the entry before';
COMMENT ON COLUMN "audit_entries"."hash" IS 'class: metadata; SHA-256 of the hash of the entry before, the sequence number and the content of this one';
COMMENT ON TABLE "audit_heads" IS 'the newest audit entry of each tenant, which those that are cut off would not reach';
COMMENT ON COLUMN "audit_heads"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "audit_heads"."sequence" IS 'class: metadata; 1, 2, 3 …, of each tenant';
COMMENT ON COLUMN "audit_heads"."hash" IS 'class: metadata; its hash';
COMMENT ON TABLE "tenant_quotas" IS 'how much a tenant may have; null: as much as it likes. Whoever runs the cloud sets them';
COMMENT ON COLUMN "tenant_quotas"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "tenant_quotas"."flows" IS 'class: metadata; flows';
COMMENT ON COLUMN "tenant_quotas"."runs_per_day" IS 'class: metadata; flow runs that are made in a day, by UTC';
COMMENT ON COLUMN "tenant_quotas"."log_bytes_per_day" IS 'class: metadata; bytes of log lines that are stored in a day, by UTC; further ones are cut';
COMMENT ON COLUMN "tenant_quotas"."kv_bytes" IS 'class: metadata; bytes of the key-value store';
COMMENT ON COLUMN "tenant_quotas"."keys" IS 'class: metadata; API keys that are neither revoked nor expired';
COMMENT ON COLUMN "tenant_quotas"."members" IS 'class: metadata; members';
COMMENT ON TABLE "tenant_log_bytes" IS 'how many bytes of log lines were stored for a tenant that has a quota of them';
COMMENT ON COLUMN "tenant_log_bytes"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "tenant_log_bytes"."day" IS 'class: metadata; the day, by UTC';
COMMENT ON COLUMN "tenant_log_bytes"."bytes" IS 'class: metadata; how many';
COMMENT ON TABLE "idempotency_keys" IS 'answers that are given again when the same request comes again, for a day';
COMMENT ON COLUMN "idempotency_keys"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "idempotency_keys"."actor_id" IS 'class: metadata; who asked';
COMMENT ON COLUMN "idempotency_keys"."key_hash" IS 'class: metadata; keyed digest of the key that came with the request';
COMMENT ON COLUMN "idempotency_keys"."request" IS 'class: metadata; keyed digest of the request; the request itself is not kept';
COMMENT ON COLUMN "idempotency_keys"."asked_at" IS 'class: metadata; when it came';
COMMENT ON COLUMN "idempotency_keys"."answered_at" IS 'class: metadata; when it was answered; null: it is being worked on';
COMMENT ON COLUMN "idempotency_keys"."status" IS 'class: metadata; the answer''s HTTP status';
COMMENT ON COLUMN "idempotency_keys"."reply" IS 'class: metadata; the answer, encrypted under the request''s own key, which is not kept';
