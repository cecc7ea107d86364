-- The key-value store.

-- CreateTable
CREATE TABLE "kv_entries" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "kv_entries_pkey" PRIMARY KEY ("tenant_id","key")
);

-- AddForeignKey
ALTER TABLE "kv_entries" ADD CONSTRAINT "kv_entries_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

select tenancy.isolate('kv_entries');

COMMENT ON TABLE "kv_entries" IS 'small values that people and programs keep beside their flows';
COMMENT ON COLUMN "kv_entries"."key" IS 'class: metadata; its name';
COMMENT ON COLUMN "kv_entries"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "kv_entries"."updated_at" IS 'class: metadata; when it was written last';
COMMENT ON COLUMN "kv_entries"."updated_by" IS 'class: metadata; the key or the person that wrote it';
COMMENT ON COLUMN "kv_entries"."value" IS 'class: parameter; the value';
COMMENT ON COLUMN "kv_entries"."version" IS 'class: metadata; counts the writes of this key';
