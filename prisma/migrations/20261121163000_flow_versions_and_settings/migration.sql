-- Versions keep their schedules, so that an older one that runs again brings its own back; and flows have settings that survive versions.

-- AlterTable
ALTER TABLE "flow_versions" ADD COLUMN     "schedules" JSONB;

-- Those of the versions that run are known. What older versions had was not kept.
update flow_versions v set schedules = coalesce((
    select jsonb_agg(s.definition order by s.name) from schedules s
    where s.tenant_id = v.tenant_id and s.flow_id = v.flow_id and s.removed_at is null), '[]')
where v.archived_at is null;

-- CreateTable
CREATE TABLE "flow_settings" (
    "tenant_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "description" TEXT,
    "parameter_defaults" JSONB,
    "labels" JSONB,
    "max_recoveries" INTEGER,
    "recovery_backoff_seconds" DOUBLE PRECISION,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "flow_settings_pkey" PRIMARY KEY ("flow_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "flow_settings_tenant_id_flow_id_key" ON "flow_settings"("tenant_id", "flow_id");

-- AddForeignKey
ALTER TABLE "flow_settings" ADD CONSTRAINT "flow_settings_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_settings" ADD CONSTRAINT "flow_settings_tenant_id_flow_id_fkey" FOREIGN KEY ("tenant_id", "flow_id") REFERENCES "flows"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

select tenancy.isolate('flow_settings');

COMMENT ON COLUMN "flow_versions"."archived_at" IS 'class: metadata; when a newer one took its place, or a person archived it';
COMMENT ON COLUMN "flow_versions"."schedules" IS 'class: parameter; clocks, filters, time zones and labels of its schedules; and the parameters of their runs';
COMMENT ON TABLE "flow_settings" IS 'what people say about a flow beside its code; it survives versions';
COMMENT ON COLUMN "flow_settings"."changed_at" IS 'class: metadata; when it was changed last';
COMMENT ON COLUMN "flow_settings"."description" IS 'class: metadata; what it is for; null: as the version says';
COMMENT ON COLUMN "flow_settings"."flow_id" IS 'class: metadata; the flow';
COMMENT ON COLUMN "flow_settings"."labels" IS 'class: metadata; what an agent must have to claim its runs; null: as the version says';
COMMENT ON COLUMN "flow_settings"."max_recoveries" IS 'class: metadata; how often a run of it is taken over from a silent agent; null: as the cloud says';
COMMENT ON COLUMN "flow_settings"."parameter_defaults" IS 'class: parameter; default values that go before those of the version';
COMMENT ON COLUMN "flow_settings"."recovery_backoff_seconds" IS 'class: metadata; wait before the first takeover; null: as the cloud says';
COMMENT ON COLUMN "flow_settings"."tenant_id" IS 'class: metadata; whose row it is';
