-- How many task runs with a tag may run at once, who does, and who waits.

-- CreateTable
CREATE TABLE "task_limits" (
    "tenant_id" UUID NOT NULL,
    "tag" TEXT NOT NULL,
    "slots" INTEGER NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "task_limits_pkey" PRIMARY KEY ("tenant_id","tag")
);

-- CreateTable
CREATE TABLE "task_slots" (
    "tenant_id" UUID NOT NULL,
    "flow_run_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "tag" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "event_number" INTEGER NOT NULL,
    "position" BIGINT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "granted_at" TIMESTAMPTZ(3),

    CONSTRAINT "task_slots_pkey" PRIMARY KEY ("flow_run_id","number","tag")
);

-- Places in the queue. One sequence for all tenants: only the order counts.
CREATE SEQUENCE "task_slot_positions";

ALTER TABLE "task_limits" ADD CONSTRAINT "task_limits_slots" CHECK ("slots" >= 0);

-- The queue of a tag, in its order: the front of it is read, however many wait.
CREATE INDEX "task_slots_waiting" ON "task_slots"("tenant_id", "tag", "position") WHERE "granted_at" IS NULL;

-- Who holds a slot of a tag.
CREATE INDEX "task_slots_held" ON "task_slots"("tenant_id", "tag") WHERE "granted_at" IS NOT NULL;

-- AddForeignKey
ALTER TABLE "task_limits" ADD CONSTRAINT "task_limits_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_slots" ADD CONSTRAINT "task_slots_tenant_id_flow_run_id_fkey" FOREIGN KEY ("tenant_id", "flow_run_id") REFERENCES "flow_runs"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
