-- What flows and starters ask of the gate, what they signed, and the wrapped keys of what is sealed.

-- AlterTable
ALTER TABLE "flow_versions" ADD COLUMN     "boundary" JSONB,
ADD COLUMN     "signature" TEXT;

-- AlterTable
ALTER TABLE "flow_runs" ADD COLUMN     "boundary" JSONB,
ADD COLUMN     "parameters_signature" TEXT;

-- CreateTable
CREATE TABLE "flow_run_seal_keys" (
    "tenant_id" UUID NOT NULL,
    "flow_run_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "flow_run_seal_keys_pkey" PRIMARY KEY ("flow_run_id","id")
);

-- AddForeignKey
ALTER TABLE "flow_run_seal_keys" ADD CONSTRAINT "flow_run_seal_keys_tenant_id_flow_run_id_fkey" FOREIGN KEY ("tenant_id", "flow_run_id") REFERENCES "flow_runs"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
