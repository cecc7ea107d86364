-- Results that later task runs may take instead of running.

-- CreateTable
CREATE TABLE "cached_results" (
    "tenant_id" UUID NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "location_hash" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "flow_run_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "location" TEXT NOT NULL,
    "digests" JSONB NOT NULL,

    CONSTRAINT "cached_results_pkey" PRIMARY KEY ("tenant_id","key_hash","location_hash")
);

-- CreateIndex
CREATE INDEX "cached_results_tenant_id_key_hash_at_idx" ON "cached_results"("tenant_id", "key_hash", "at" DESC);

-- What the loop cached-result-sweeper removes.
CREATE INDEX "cached_results_expiring" ON "cached_results"("expires_at") WHERE "expires_at" IS NOT NULL;
