-- Turns of looping tasks, and approval by a person.

-- AlterTable
ALTER TABLE "task_runs" ADD COLUMN     "loop_count" INTEGER,
ADD COLUMN     "approved_at" TIMESTAMPTZ(3),
ADD COLUMN     "approval_message" TEXT;

-- Orders: the few approved ones among a run's ten thousand task runs. Empty for almost all runs, so no report pays for it.
CREATE INDEX "task_runs_approved" ON "task_runs"("flow_run_id") WITH (fillfactor = 100) WHERE "approved_at" IS NOT NULL;
