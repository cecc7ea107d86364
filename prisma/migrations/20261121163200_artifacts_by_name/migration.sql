-- The newest artifact of each name of a tenant, without reading the older ones.

-- CreateIndex
CREATE INDEX "artifacts_tenant_id_name_flow_run_id_idx" ON "artifacts"("tenant_id", "name", "flow_run_id");
