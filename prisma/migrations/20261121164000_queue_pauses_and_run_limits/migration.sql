-- What keeps runs from being claimed by a person's word: a pause of the tenant's queue or of one agent, and how many runs with a label may be held.

-- AlterTable
ALTER TABLE "agents" ADD COLUMN     "pause_reason" TEXT,
ADD COLUMN     "paused_at" TIMESTAMPTZ(3),
ADD COLUMN     "paused_by" TEXT,
ADD COLUMN     "projects" TEXT[];

-- CreateTable
CREATE TABLE "queue_pauses" (
    "tenant_id" UUID NOT NULL,
    "paused_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "paused_by" TEXT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "queue_pauses_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "run_limits" (
    "tenant_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "slots" INTEGER NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_limits_pkey" PRIMARY KEY ("tenant_id","label")
);

ALTER TABLE "run_limits" ADD CONSTRAINT "run_limits_slots" CHECK ("slots" >= 0);
ALTER TABLE "agents" ADD CONSTRAINT "agents_paused_by_somebody" CHECK (("paused_at" IS NULL) = ("paused_by" IS NULL));

-- AddForeignKey
ALTER TABLE "queue_pauses" ADD CONSTRAINT "queue_pauses_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_limits" ADD CONSTRAINT "run_limits_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

select tenancy.isolate('queue_pauses');
select tenancy.isolate('run_limits');

COMMENT ON COLUMN "agents"."pause_reason" IS 'class: exception; why a person paused it, in that person''s words';
COMMENT ON COLUMN "agents"."paused_at" IS 'class: metadata; when a person paused it; null: nobody did';
COMMENT ON COLUMN "agents"."paused_by" IS 'class: metadata; who paused it';
COMMENT ON COLUMN "agents"."projects" IS 'class: metadata; the projects that it serves; null: all';
COMMENT ON TABLE "queue_pauses" IS 'tenants of which nobody claims runs, because a person said so';
COMMENT ON COLUMN "queue_pauses"."paused_at" IS 'class: metadata; when it was paused';
COMMENT ON COLUMN "queue_pauses"."paused_by" IS 'class: metadata; who paused it';
COMMENT ON COLUMN "queue_pauses"."reason" IS 'class: exception; why, in that person''s words';
COMMENT ON COLUMN "queue_pauses"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON TABLE "run_limits" IS 'how many flow runs with a label may be held at once';
COMMENT ON COLUMN "run_limits"."changed_at" IS 'class: metadata; when it was changed last';
COMMENT ON COLUMN "run_limits"."label" IS 'class: metadata; the label';
COMMENT ON COLUMN "run_limits"."slots" IS 'class: metadata; how many';
COMMENT ON COLUMN "run_limits"."tenant_id" IS 'class: metadata; whose row it is';
