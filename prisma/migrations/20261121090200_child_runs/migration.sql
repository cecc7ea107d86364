-- Flow runs that were started by another one.

-- AlterTable
ALTER TABLE "flow_runs" ADD COLUMN     "parent_run_id" UUID;

-- AddForeignKey
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_tenant_id_parent_run_id_fkey" FOREIGN KEY ("tenant_id", "parent_run_id") REFERENCES "flow_runs"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Children of a run. Partial: most runs have no parent.
CREATE INDEX "flow_runs_children" ON "flow_runs"("parent_run_id", "id") WHERE "parent_run_id" IS NOT NULL;

-- Those that are not over: of a run that is cancelled, and for the loop that looks after children whose parent was.
CREATE INDEX "flow_runs_unfinished_children" ON "flow_runs"("parent_run_id") WHERE "parent_run_id" IS NOT NULL AND "state" IN ('Scheduled', 'Paused', 'Resume', 'Retrying', 'Submitted', 'Running');
