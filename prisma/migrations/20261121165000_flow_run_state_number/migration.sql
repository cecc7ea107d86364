-- Lists of flow runs by state. Under row-level security a condition may only walk an index when its operator is leakproof, so that it could tell
-- nothing of rows that the policy hides. Those of enums are not (of uuid, numbers, text and times they are), and so a tenant's few running
-- runs were looked for among all of its runs. The same state as a number may walk one. The numbers are packages/protocol's order of states.
ALTER TABLE "flow_runs" ADD COLUMN "state_number" SMALLINT GENERATED ALWAYS AS (
  CASE "state"
    WHEN 'Pending' THEN 1
    WHEN 'Scheduled' THEN 2
    WHEN 'Paused' THEN 3
    WHEN 'Resume' THEN 4
    WHEN 'Retrying' THEN 5
    WHEN 'Submitted' THEN 6
    WHEN 'Queued' THEN 7
    WHEN 'Running' THEN 8
    WHEN 'Cancelling' THEN 9
    WHEN 'Success' THEN 10
    WHEN 'Cached' THEN 11
    WHEN 'Mapped' THEN 12
    WHEN 'Skipped' THEN 13
    WHEN 'Failed' THEN 14
    WHEN 'TimedOut' THEN 15
    WHEN 'TriggerFailed' THEN 16
    WHEN 'ValidationFailed' THEN 17
    WHEN 'Crashed' THEN 18
    WHEN 'Cancelled' THEN 19
    WHEN 'Looped' THEN 20
  END
) STORED;

DROP INDEX "flow_runs_tenant_id_state_id_idx";
CREATE INDEX "flow_runs_tenant_id_state_number_id_idx" ON "flow_runs"("tenant_id", "state_number", "id" DESC);

COMMENT ON COLUMN "flow_runs"."state_number" IS 'class: metadata; its state as a number, by which lists find it';
