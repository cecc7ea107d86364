-- Orders for whoever holds a run, beside its state: docs/decisions/0008-orders-have-a-version.md.

-- AlterTable
ALTER TABLE "flow_runs" ADD COLUMN     "order_version" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "pause_order" TEXT;

ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_pause_order" CHECK ("pause_order" IN ('pause', 'resume'));
