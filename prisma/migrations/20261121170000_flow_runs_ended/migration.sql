-- Runs that are over, by when they ended: of a tenant (history), and of a flow by state (how long it usually takes, how often it succeeds).
-- A run enters them once, when it ends. The state stands as its number: see 20261121165000_flow_run_state_number.
CREATE INDEX "flow_runs_ended" ON "flow_runs"("tenant_id", "ended_at") WHERE "ended_at" IS NOT NULL;
CREATE INDEX "flow_runs_ended_of_flow" ON "flow_runs"("tenant_id", "flow_id", "state_number", "ended_at") WHERE "ended_at" IS NOT NULL;
