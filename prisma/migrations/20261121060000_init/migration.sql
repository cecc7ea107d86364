-- The first migration: everything of prisma/schema.prisma, made by Prisma's engine and completed by hand where Prisma has no words:
-- partitions, check constraints, partial indexes, fill factors. `pnpm db:diff` compares the rest with the schema, catalog.test.ts these.

-- Partitions stand apart from `public`, so that Prisma does not take each day for a table of its own. The loop partition-maker fills it.
CREATE SCHEMA "partitions";

-- CreateEnum
CREATE TYPE "state" AS ENUM ('Pending', 'Scheduled', 'Paused', 'Resume', 'Retrying', 'Submitted', 'Queued', 'Running', 'Cancelling', 'Success', 'Cached', 'Mapped', 'Skipped', 'Failed', 'TimedOut', 'TriggerFailed', 'ValidationFailed', 'Crashed', 'Cancelled', 'Looped');

-- CreateEnum
CREATE TYPE "key_scope" AS ENUM ('user', 'agent');

-- CreateEnum
CREATE TYPE "artifact_kind" AS ENUM ('link', 'markdown', 'table');

-- CreateTable
CREATE TABLE "tenants" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "user_id" UUID,
    "name" TEXT NOT NULL,
    "scope" "key_scope" NOT NULL,
    "lookup" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "projects" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flows" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "flows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flow_versions" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "content_digest" TEXT NOT NULL,
    "description" TEXT,
    "labels" TEXT[],
    "tasks" JSONB NOT NULL,
    "parameter_schema" JSONB,
    "parameter_defaults" JSONB,
    "run_config" JSONB,
    "storage" JSONB NOT NULL,
    "sdk_version" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "flow_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tasks" (
    "id" SERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agents" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "api_key_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" TEXT[],
    "launchers" TEXT[],
    "version" TEXT NOT NULL,
    "capacity" INTEGER NOT NULL,
    "public_keys" JSONB,
    "enrolled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agents_pkey" PRIMARY KEY ("id")
);

-- fillfactor 80: each report renews the lease in place. With room in the page the new version of the row stays there, and no index is touched.
-- CreateTable
CREATE TABLE "flow_runs" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "flow_version_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "parameters" JSONB NOT NULL,
    "labels" TEXT[],
    "idempotency_key" TEXT,
    "state" "state" NOT NULL,
    "state_version" INTEGER NOT NULL DEFAULT 1,
    "scheduled_start_time" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "event_number" INTEGER NOT NULL DEFAULT 0,
    "agent_id" UUID,
    "lease_expires_at" TIMESTAMPTZ(3),
    "recoveries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "flow_runs_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 80);

-- CreateTable
CREATE TABLE "flow_run_states" (
    "tenant_id" UUID NOT NULL,
    "flow_run_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "state" "state" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "event_number" INTEGER,
    "message" TEXT,
    "failure" JSONB,

    CONSTRAINT "flow_run_states_pkey" PRIMARY KEY ("flow_run_id","version")
);

-- The four tables below are partitioned by day of their flow run's id, a UUIDv7. A run's rows come in the order of their key, so a full
-- index page is never split and needs no room: fillfactor 100.

-- CreateTable
CREATE TABLE "task_runs" (
    "tenant_id" UUID NOT NULL,
    "flow_run_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "number" INTEGER NOT NULL,
    "task_id" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "state" "state" NOT NULL,
    "event_number" INTEGER NOT NULL,
    "attempt" SMALLINT NOT NULL,
    "try_number" SMALLINT NOT NULL DEFAULT 0,
    "map_index" INTEGER,
    "parent" INTEGER,
    "start_time" TIMESTAMPTZ(3),
    "result_bytes" BIGINT,
    "map_count" INTEGER,
    "upstream" INTEGER[],
    "tags" TEXT[],
    "key" TEXT,
    "run_name" TEXT,
    "location" TEXT,

    CONSTRAINT "task_runs_pkey" PRIMARY KEY ("flow_run_id","number") WITH (fillfactor = 100)
) PARTITION BY RANGE ("flow_run_id");

-- CreateTable
CREATE TABLE "task_run_states" (
    "tenant_id" UUID NOT NULL,
    "flow_run_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "number" INTEGER NOT NULL,
    "task_run_number" INTEGER NOT NULL,
    "state" "state" NOT NULL,
    "attempt" SMALLINT NOT NULL,
    "detail" JSONB,

    CONSTRAINT "task_run_states_pkey" PRIMARY KEY ("flow_run_id","attempt","number") WITH (fillfactor = 100)
) PARTITION BY RANGE ("flow_run_id");

-- CreateTable
CREATE TABLE "logs" (
    "tenant_id" UUID NOT NULL,
    "flow_run_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "number" INTEGER NOT NULL,
    "attempt" SMALLINT NOT NULL,
    "level" SMALLINT NOT NULL,
    "task_run_number" INTEGER,
    "logger" TEXT,
    "text" TEXT NOT NULL,

    CONSTRAINT "logs_pkey" PRIMARY KEY ("flow_run_id","attempt","number") WITH (fillfactor = 100)
) PARTITION BY RANGE ("flow_run_id");

-- CreateTable
CREATE TABLE "artifacts" (
    "tenant_id" UUID NOT NULL,
    "flow_run_id" UUID NOT NULL,
    "attempt" SMALLINT NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "task_run_number" INTEGER,
    "name" TEXT NOT NULL,
    "kind" "artifact_kind" NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("flow_run_id","attempt","number") WITH (fillfactor = 100)
) PARTITION BY RANGE ("flow_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "tenants_name_key" ON "tenants"("name");

-- CreateIndex
CREATE UNIQUE INDEX "users_tenant_id_id_key" ON "users"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "users_tenant_id_email_key" ON "users"("tenant_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_lookup_key" ON "api_keys"("lookup");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_tenant_id_id_key" ON "api_keys"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "projects_tenant_id_id_key" ON "projects"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "projects_tenant_id_name_key" ON "projects"("tenant_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "flows_tenant_id_id_key" ON "flows"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "flows_tenant_id_project_id_name_key" ON "flows"("tenant_id", "project_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "flow_versions_tenant_id_id_key" ON "flow_versions"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "flow_versions_flow_id_number_key" ON "flow_versions"("flow_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "tasks_tenant_id_flow_id_name_key" ON "tasks"("tenant_id", "flow_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "agents_tenant_id_id_key" ON "agents"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "agents_tenant_id_name_key" ON "agents"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "flow_runs_tenant_id_flow_id_id_idx" ON "flow_runs"("tenant_id", "flow_id", "id" DESC);

-- CreateIndex
CREATE INDEX "flow_runs_tenant_id_state_id_idx" ON "flow_runs"("tenant_id", "state", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "flow_runs_tenant_id_id_key" ON "flow_runs"("tenant_id", "id");

-- A run that is held has a deadline, one that is not has none: whatever statement is wrong about that fails instead of losing a run.
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_held_has_lease" CHECK (("state" IN ('Submitted', 'Running', 'Cancelling')) = ("lease_expires_at" IS NOT NULL));

-- Claims: the oldest due run of a tenant, however many are over.
CREATE INDEX "flow_runs_claimable" ON "flow_runs"("tenant_id", "scheduled_start_time", "id") WHERE "state" IN ('Scheduled', 'Resume', 'Retrying');

-- One run per idempotency key. Partial not for its size alone: a whole index on (tenant_id, …) looks as narrow as the primary key to the planner
-- while a tenant is younger than the statistics, and each foreign key check of each task run then read all of the tenant's runs (measured:
-- claims fell from 6,000/s to 1,300/s within 9,000 runs).
CREATE UNIQUE INDEX "flow_runs_idempotency_key" ON "flow_runs"("tenant_id", "idempotency_key") WHERE "idempotency_key" IS NOT NULL;

-- Sweeper: the runs that are held. The deadline itself stands in no index, or each report that renews it would write to all of them.
CREATE INDEX "flow_runs_held" ON "flow_runs"("id") WHERE "state" IN ('Submitted', 'Running', 'Cancelling');

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "users"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "projects" ADD CONSTRAINT "projects_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flows" ADD CONSTRAINT "flows_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flows" ADD CONSTRAINT "flows_tenant_id_project_id_fkey" FOREIGN KEY ("tenant_id", "project_id") REFERENCES "projects"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_versions" ADD CONSTRAINT "flow_versions_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_versions" ADD CONSTRAINT "flow_versions_tenant_id_flow_id_fkey" FOREIGN KEY ("tenant_id", "flow_id") REFERENCES "flows"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_tenant_id_flow_id_fkey" FOREIGN KEY ("tenant_id", "flow_id") REFERENCES "flows"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agents" ADD CONSTRAINT "agents_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agents" ADD CONSTRAINT "agents_tenant_id_api_key_id_fkey" FOREIGN KEY ("tenant_id", "api_key_id") REFERENCES "api_keys"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_tenant_id_flow_id_fkey" FOREIGN KEY ("tenant_id", "flow_id") REFERENCES "flows"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_tenant_id_flow_version_id_fkey" FOREIGN KEY ("tenant_id", "flow_version_id") REFERENCES "flow_versions"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_tenant_id_agent_id_fkey" FOREIGN KEY ("tenant_id", "agent_id") REFERENCES "agents"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_run_states" ADD CONSTRAINT "flow_run_states_tenant_id_flow_run_id_fkey" FOREIGN KEY ("tenant_id", "flow_run_id") REFERENCES "flow_runs"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_runs" ADD CONSTRAINT "task_runs_tenant_id_flow_run_id_fkey" FOREIGN KEY ("tenant_id", "flow_run_id") REFERENCES "flow_runs"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
