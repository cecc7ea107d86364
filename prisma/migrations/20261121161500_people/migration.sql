-- People. A person has one account, whatever the tenants they work in; a membership says in which, and as what. What opens an account stands in a table
-- that no tenant sees.

-- What follows moves rows of all tenants; forced row-level security holds the owner too. Ends with the transaction.
select set_config('weir.tenant', 'every', true);

create table "memberships" (
    "id" uuid not null,
    "tenant_id" uuid not null,
    "user_id" uuid not null,
    "role" text,
    "role_id" uuid,
    "created_at" timestamptz(3) not null default current_timestamp,

    constraint "memberships_one_role" check (num_nonnulls("role", "role_id") = 1),
    constraint "memberships_pkey" primary key ("id")
);

-- One account for each address: the oldest of those that there are.
create temporary table "kept_users" on commit drop as
  select id, first_value(id) over (partition by lower(email) order by id) as kept from "users";

-- Until now every account could do everything.
insert into "memberships" ("id", "tenant_id", "user_id", "role", "created_at")
  select distinct on (u.tenant_id, k.kept) u.id, u.tenant_id, k.kept, 'owner', u.created_at
    from "users" u join "kept_users" k on k.id = u.id order by u.tenant_id, k.kept, u.id;

alter table "api_keys" drop constraint "api_keys_tenant_id_user_id_fkey";
update "api_keys" a set user_id = k.kept from "kept_users" k where k.id = a.user_id and k.kept <> k.id;

drop policy tenant on "users";
delete from "users" u using "kept_users" k where k.id = u.id and k.kept <> u.id;
drop index "users_tenant_id_id_key", "users_tenant_id_email_key";
alter table "users" drop constraint "users_tenant_id_fkey", drop column "tenant_id", add column "name" text, add column "managed_by" uuid;
update "users" set email = lower(email);
alter table "users" add constraint "users_email_lower" check (email = lower(email));
-- An account with a password is one for the whole cloud. One that the provider of a tenant vouches for is that tenant's alone, also where its address is
-- another account's: a provider may claim every address.
create unique index "users_email_own" on "users"("email") where managed_by is null;
create unique index "users_email_managed" on "users"("managed_by", "email") where managed_by is not null;
alter table "users" add constraint "users_managed_by_fkey" foreign key ("managed_by") references "tenants"("id") on delete restrict on update cascade;
alter table "api_keys" add constraint "api_keys_user_id_fkey" foreign key ("user_id") references "users"("id") on delete restrict on update cascade;

create unique index "memberships_tenant_id_id_key" on "memberships"("tenant_id", "id");
create unique index "memberships_tenant_id_user_id_key" on "memberships"("tenant_id", "user_id");
create index "memberships_user_id_idx" on "memberships"("user_id");
alter table "memberships" add constraint "memberships_tenant_id_fkey" foreign key ("tenant_id") references "tenants"("id") on delete restrict on update cascade;
alter table "memberships" add constraint "memberships_user_id_fkey" foreign key ("user_id") references "users"("id") on delete restrict on update cascade;

create table "user_credentials" (
    "user_id" uuid not null,
    "password_hash" text,
    "password_changed_at" timestamptz(3),
    "totp_secret" bytea,
    "totp_confirmed_at" timestamptz(3),
    "totp_step" bigint,
    "recovery_codes" text[],

    constraint "user_credentials_pkey" primary key ("user_id")
);
alter table "user_credentials" add constraint "user_credentials_user_id_fkey" foreign key ("user_id") references "users"("id") on delete cascade on update cascade;

create table "invitations" (
    "id" uuid not null,
    "tenant_id" uuid not null,
    "email" text not null,
    "role" text,
    "role_id" uuid,
    "token_hash" bytea not null,
    "invited_by" uuid,
    "created_at" timestamptz(3) not null default current_timestamp,
    "expires_at" timestamptz(3) not null,
    "accepted_at" timestamptz(3),
    "revoked_at" timestamptz(3),

    constraint "invitations_one_role" check (num_nonnulls("role", "role_id") = 1),
    constraint "invitations_pkey" primary key ("id")
);
create unique index "invitations_token_hash_key" on "invitations"("token_hash");
create unique index "invitations_tenant_id_id_key" on "invitations"("tenant_id", "id");
alter table "invitations" add constraint "invitations_email_lower" check (email = lower(email));
alter table "invitations" add constraint "invitations_tenant_id_fkey" foreign key ("tenant_id") references "tenants"("id") on delete restrict on update cascade;
alter table "invitations" add constraint "invitations_invited_by_fkey" foreign key ("invited_by") references "users"("id") on delete set null on update cascade;

-- Falls with the membership: whoever is no member any more has no session.
create table "user_sessions" (
    "id" uuid not null,
    "tenant_id" uuid not null,
    "membership_id" uuid not null,
    "token_hash" bytea not null,
    "method" text not null,
    "created_at" timestamptz(3) not null default current_timestamp,
    "last_seen_at" timestamptz(3) not null default current_timestamp,
    "idle_expires_at" timestamptz(3) not null,
    "expires_at" timestamptz(3) not null,
    "revoked_at" timestamptz(3),

    constraint "user_sessions_pkey" primary key ("id")
);
create unique index "user_sessions_token_hash_key" on "user_sessions"("token_hash");
create unique index "user_sessions_tenant_id_id_key" on "user_sessions"("tenant_id", "id");
create index "user_sessions_membership_id_idx" on "user_sessions"("membership_id");
alter table "user_sessions" add constraint "user_sessions_method" check (method in ('password', 'sso'));
alter table "user_sessions" add constraint "user_sessions_tenant_id_membership_id_fkey" foreign key ("tenant_id", "membership_id") references "memberships"("tenant_id", "id") on delete cascade on update cascade;

-- For `weir login`: a browser session lends its rights to the program that asked for them. Deleted when it is used.
create table "login_codes" (
    "code_hash" bytea not null,
    "tenant_id" uuid not null,
    "membership_id" uuid not null,
    "challenge" text not null,
    "expires_at" timestamptz(3) not null,

    constraint "login_codes_pkey" primary key ("code_hash")
);
alter table "login_codes" add constraint "login_codes_tenant_id_membership_id_fkey" foreign key ("tenant_id", "membership_id") references "memberships"("tenant_id", "id") on delete cascade on update cascade;

create table "identity_providers" (
    "tenant_id" uuid not null,
    "issuer" text not null,
    "client_id" text not null,
    "client_secret" bytea not null,
    "email_domains" text[],
    "role" text,
    "role_id" uuid,
    "changed_at" timestamptz(3) not null default current_timestamp,

    constraint "identity_providers_one_role" check (num_nonnulls("role", "role_id") = 1),
    constraint "identity_providers_pkey" primary key ("tenant_id")
);
alter table "identity_providers" add constraint "identity_providers_tenant_id_fkey" foreign key ("tenant_id") references "tenants"("id") on delete restrict on update cascade;

create table "sso_identities" (
    "tenant_id" uuid not null,
    "issuer" text not null,
    "subject" text not null,
    "membership_id" uuid not null,
    "created_at" timestamptz(3) not null default current_timestamp,

    constraint "sso_identities_pkey" primary key ("tenant_id", "issuer", "subject")
);
alter table "sso_identities" add constraint "sso_identities_tenant_id_membership_id_fkey" foreign key ("tenant_id", "membership_id") references "memberships"("tenant_id", "id") on delete cascade on update cascade;

create table "login_attempts" (
    "subject" text not null,
    "failures" integer not null,
    "since" timestamptz(3) not null,

    constraint "login_attempts_pkey" primary key ("subject")
);

create index "memberships_tenant_id_role_id_idx" on "memberships"("tenant_id", "role_id");
alter table "memberships" add constraint "memberships_tenant_id_role_id_fkey" foreign key ("tenant_id", "role_id") references "roles"("tenant_id", "id") on delete restrict on update cascade;
create index "invitations_tenant_id_role_id_idx" on "invitations"("tenant_id", "role_id");
alter table "invitations" add constraint "invitations_tenant_id_role_id_fkey" foreign key ("tenant_id", "role_id") references "roles"("tenant_id", "id") on delete restrict on update cascade;
create index "identity_providers_tenant_id_role_id_idx" on "identity_providers"("tenant_id", "role_id");
alter table "identity_providers" add constraint "identity_providers_tenant_id_role_id_fkey" foreign key ("tenant_id", "role_id") references "roles"("tenant_id", "id") on delete restrict on update cascade;

select tenancy.isolate('memberships');
select tenancy.isolate('invitations');
select tenancy.isolate('user_sessions');
select tenancy.isolate('login_codes');
select tenancy.isolate('identity_providers');
select tenancy.isolate('sso_identities');

-- Accounts are of no tenant: a tenant sees those of its members.
create policy tenant on "users" using (
  (select tenancy.is_every_tenant()) or exists (select from "memberships" m where m.user_id = "users".id and m.tenant_id = (select tenancy.tenant()))
) with check (
  (select tenancy.is_every_tenant()) or exists (select from "memberships" m where m.user_id = "users".id and m.tenant_id = (select tenancy.tenant()))
);

-- No tenant sees these.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['user_credentials', 'login_attempts'] loop
    execute format('alter table %I enable row level security', wanted);
    execute format('alter table %I force row level security', wanted);
    execute format('create policy tenant on %I using ((select tenancy.is_every_tenant())) with check ((select tenancy.is_every_tenant()))', wanted);
    execute format('grant select, insert, update, delete on table %I to weir_app', wanted);
  end loop;
end
$$;

COMMENT ON TABLE "identity_providers" IS 'single sign-on of tenants';
COMMENT ON COLUMN "identity_providers"."changed_at" IS 'class: metadata; when it was set';
COMMENT ON COLUMN "identity_providers"."client_id" IS 'class: metadata; what the provider calls this cloud';
COMMENT ON COLUMN "identity_providers"."client_secret" IS 'class: metadata; the provider''s secret for this cloud, sealed with a key of the cloud';
COMMENT ON COLUMN "identity_providers"."email_domains" IS 'class: metadata; whose addresses may come in';
COMMENT ON COLUMN "identity_providers"."issuer" IS 'class: metadata; address of the provider';
COMMENT ON COLUMN "identity_providers"."role" IS 'class: metadata; the role, of those that every tenant has';
COMMENT ON COLUMN "identity_providers"."role_id" IS 'class: metadata; the tenant''s own role';
COMMENT ON COLUMN "identity_providers"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON TABLE "invitations" IS 'people who were asked to join';
COMMENT ON COLUMN "invitations"."accepted_at" IS 'class: metadata; when it was';
COMMENT ON COLUMN "invitations"."created_at" IS 'class: metadata; when the cloud made the row';
COMMENT ON COLUMN "invitations"."email" IS 'class: metadata; the address that was asked';
COMMENT ON COLUMN "invitations"."expires_at" IS 'class: metadata; until when it can be accepted';
COMMENT ON COLUMN "invitations"."id" IS 'class: metadata; its id';
COMMENT ON COLUMN "invitations"."invited_by" IS 'class: metadata; who asked; null: the operator, or a key of nobody in particular';
COMMENT ON COLUMN "invitations"."revoked_at" IS 'class: metadata; when somebody took it back';
COMMENT ON COLUMN "invitations"."role" IS 'class: metadata; the role, of those that every tenant has';
COMMENT ON COLUMN "invitations"."role_id" IS 'class: metadata; the tenant''s own role';
COMMENT ON COLUMN "invitations"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "invitations"."token_hash" IS 'class: metadata; HMAC of what stands in the link; the link itself is not kept';
COMMENT ON TABLE "login_attempts" IS 'logins that failed lately';
COMMENT ON COLUMN "login_attempts"."failures" IS 'class: metadata; how many';
COMMENT ON COLUMN "login_attempts"."since" IS 'class: metadata; when the first of them was';
COMMENT ON COLUMN "login_attempts"."subject" IS 'class: metadata; HMAC of the account or of the network address';
COMMENT ON TABLE "login_codes" IS 'codes for which `weir login` gets its key, once';
COMMENT ON COLUMN "login_codes"."challenge" IS 'class: metadata; SHA-256 of what only the program that asked knows';
COMMENT ON COLUMN "login_codes"."code_hash" IS 'class: metadata; HMAC of the code';
COMMENT ON COLUMN "login_codes"."expires_at" IS 'class: metadata; until when it can be used';
COMMENT ON COLUMN "login_codes"."membership_id" IS 'class: metadata; the membership';
COMMENT ON COLUMN "login_codes"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON TABLE "memberships" IS 'in which tenant a person works, and as what';
COMMENT ON COLUMN "memberships"."created_at" IS 'class: metadata; when the cloud made the row';
COMMENT ON COLUMN "memberships"."id" IS 'class: metadata; its id';
COMMENT ON COLUMN "memberships"."role" IS 'class: metadata; the role, of those that every tenant has';
COMMENT ON COLUMN "memberships"."role_id" IS 'class: metadata; the tenant''s own role';
COMMENT ON COLUMN "memberships"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "memberships"."user_id" IS 'class: metadata; the person';
COMMENT ON TABLE "sso_identities" IS 'what providers call members';
COMMENT ON COLUMN "sso_identities"."created_at" IS 'class: metadata; when the cloud made the row';
COMMENT ON COLUMN "sso_identities"."issuer" IS 'class: metadata; address of the provider';
COMMENT ON COLUMN "sso_identities"."membership_id" IS 'class: metadata; the membership';
COMMENT ON COLUMN "sso_identities"."subject" IS 'class: metadata; what it calls the person';
COMMENT ON COLUMN "sso_identities"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON TABLE "user_credentials" IS 'what opens an account; no tenant sees it';
COMMENT ON COLUMN "user_credentials"."password_changed_at" IS 'class: metadata; when it was set';
COMMENT ON COLUMN "user_credentials"."password_hash" IS 'class: metadata; argon2id of the password; the password itself is not kept';
COMMENT ON COLUMN "user_credentials"."recovery_codes" IS 'class: metadata; HMACs of the codes for a lost device that are left';
COMMENT ON COLUMN "user_credentials"."totp_confirmed_at" IS 'class: metadata; when the first code was right; null: not in use';
COMMENT ON COLUMN "user_credentials"."totp_secret" IS 'class: metadata; secret of the one-time codes, sealed with a key of the cloud';
COMMENT ON COLUMN "user_credentials"."totp_step" IS 'class: metadata; the last code that was taken, so that none is taken twice';
COMMENT ON COLUMN "user_credentials"."user_id" IS 'class: metadata; the person';
COMMENT ON TABLE "user_sessions" IS 'browsers that are signed in';
COMMENT ON COLUMN "user_sessions"."created_at" IS 'class: metadata; when the cloud made the row';
COMMENT ON COLUMN "user_sessions"."expires_at" IS 'class: metadata; when it ends in any case';
COMMENT ON COLUMN "user_sessions"."id" IS 'class: metadata; its id';
COMMENT ON COLUMN "user_sessions"."idle_expires_at" IS 'class: metadata; when it ends unless it is used';
COMMENT ON COLUMN "user_sessions"."last_seen_at" IS 'class: metadata; when it was used last, to the minute';
COMMENT ON COLUMN "user_sessions"."membership_id" IS 'class: metadata; the membership';
COMMENT ON COLUMN "user_sessions"."method" IS 'class: metadata; how it began: with the account''s own password, or by single sign-on of this tenant';
COMMENT ON COLUMN "user_sessions"."revoked_at" IS 'class: metadata; when it was ended';
COMMENT ON COLUMN "user_sessions"."tenant_id" IS 'class: metadata; whose row it is';
COMMENT ON COLUMN "user_sessions"."token_hash" IS 'class: metadata; HMAC of what stands in the cookie; the token itself is not kept';
COMMENT ON TABLE "users" IS 'people who may sign in; a tenant sees its members';
COMMENT ON COLUMN "users"."email" IS 'class: metadata; address of the account, in lower case';
COMMENT ON COLUMN "users"."managed_by" IS 'class: metadata; the tenant whose provider vouches for it; null: it has a password of its own';
COMMENT ON COLUMN "users"."name" IS 'class: metadata; what the person is called';
