-- What a credential may do. A role that every tenant has is told by its name, for what it holds stands in the code; one of the tenant's own by its row.

CREATE TABLE "roles" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "permissions" TEXT[] NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "roles_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "roles_tenant_id_id_key" ON "roles"("tenant_id", "id");
CREATE UNIQUE INDEX "roles_tenant_id_name_key" ON "roles"("tenant_id", "name");
ALTER TABLE "roles" ADD CONSTRAINT "roles_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "service_accounts" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_accounts_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "service_accounts_tenant_id_id_key" ON "service_accounts"("tenant_id", "id");
CREATE UNIQUE INDEX "service_accounts_tenant_id_name_key" ON "service_accounts"("tenant_id", "name");
ALTER TABLE "service_accounts" ADD CONSTRAINT "service_accounts_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "api_keys"
    ADD COLUMN "role" TEXT,
    ADD COLUMN "role_id" UUID,
    ADD COLUMN "permissions" TEXT[],
    ADD COLUMN "service_account_id" UUID,
    ADD COLUMN "allowed_addresses" TEXT[] NOT NULL DEFAULT '{}',
    ADD COLUMN "last_used_from" TEXT,
    ADD COLUMN "replaced_by" UUID;
-- Keys of people could do everything until now.
UPDATE "api_keys" SET "role" = 'owner' WHERE "scope" = 'user';
ALTER TABLE "api_keys"
    ADD CONSTRAINT "api_keys_rights_check" CHECK (num_nonnulls("role", "role_id", "permissions") <= 1),
    ADD CONSTRAINT "api_keys_agent_rights_check" CHECK ("scope" = 'user' OR num_nonnulls("role", "role_id", "permissions") = 0);
CREATE INDEX "api_keys_tenant_id_role_id_idx" ON "api_keys"("tenant_id", "role_id");
CREATE INDEX "api_keys_tenant_id_service_account_id_idx" ON "api_keys"("tenant_id", "service_account_id");
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_role_id_fkey" FOREIGN KEY ("tenant_id", "role_id") REFERENCES "roles"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_service_account_id_fkey" FOREIGN KEY ("tenant_id", "service_account_id") REFERENCES "service_accounts"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_replaced_by_fkey" FOREIGN KEY ("tenant_id", "replaced_by") REFERENCES "api_keys"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

select tenancy.isolate('roles');
select tenancy.isolate('service_accounts');

COMMENT ON COLUMN "api_keys"."role" IS 'class: metadata; the role, of those that every tenant has, whose permissions it holds';
COMMENT ON COLUMN "api_keys"."role_id" IS 'class: metadata; the tenant''s own role whose permissions it holds';
COMMENT ON COLUMN "api_keys"."permissions" IS 'class: metadata; what it may do, where that is no role''s';
COMMENT ON COLUMN "api_keys"."service_account_id" IS 'class: metadata; the service account that owns it';
COMMENT ON COLUMN "api_keys"."allowed_addresses" IS 'class: metadata; networks from which it may be used; none: from all';
COMMENT ON COLUMN "api_keys"."last_used_from" IS 'class: metadata; network from which it was used last, never the whole address';
COMMENT ON COLUMN "api_keys"."replaced_by" IS 'class: metadata; the key that took its place';
COMMENT ON TABLE "roles" IS 'roles of tenants'' own';
COMMENT ON COLUMN "roles"."id" IS 'class: metadata; its id';
COMMENT ON COLUMN "roles"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "roles"."name" IS 'class: metadata; its name';
COMMENT ON COLUMN "roles"."permissions" IS 'class: metadata; what its holders may do';
COMMENT ON COLUMN "roles"."created_at" IS 'class: metadata; when the cloud made the row';
COMMENT ON TABLE "service_accounts" IS 'programs that own keys';
COMMENT ON COLUMN "service_accounts"."id" IS 'class: metadata; its id';
COMMENT ON COLUMN "service_accounts"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "service_accounts"."name" IS 'class: metadata; its name';
COMMENT ON COLUMN "service_accounts"."created_at" IS 'class: metadata; when the cloud made the row';
