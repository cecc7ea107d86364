-- Runs write to the key-value store, too. What their questions were answered lies beside the answers that are given again to people.
COMMENT ON TABLE "kv_entries" IS 'small values that people, programs and flows keep';
COMMENT ON COLUMN "kv_entries"."updated_by" IS 'class: metadata; the key, the person or the flow run that wrote it';
COMMENT ON COLUMN "idempotency_keys"."key_hash" IS 'class: metadata; digest of the key that came with the request';
COMMENT ON COLUMN "idempotency_keys"."reply" IS 'class: metadata; the answer, encrypted under the request''s own key, which is not kept; of what a run asks the key-value store, the version alone';
