-- Row-level security on every table, below what the statements themselves say of their tenant. The cloud works as the role weir_app, which owns
-- nothing and cannot bypass it; the setting weir.tenant says for whom: a tenant's id, or `every` for the few loops and look-ups that are of no
-- tenant alone. Not set: nobody's rows are seen, and none can be written.

-- Roles are of the whole server: another database of it may have made this one, even at this moment.
do $$
begin
  if not exists (select from pg_roles where rolname = 'weir_app') then
    create role weir_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
exception when duplicate_object or unique_violation then
  null;
end
$$;

-- So that whoever migrates can also run the cloud, as weir_app.
do $$
begin
  if not pg_has_role(current_user, 'weir_app', 'member') then
    execute format('grant weir_app to %I', current_user);
  end if;
end
$$;

-- Not "weir": a login of that name would find its unqualified tables there.
create schema tenancy;

create function tenancy.tenant() returns uuid language sql stable parallel safe
  return case when current_setting('weir.tenant', true) in ('', 'every') then null else current_setting('weir.tenant', true)::uuid end;

create function tenancy.is_every_tenant() returns boolean language sql stable parallel safe
  return coalesce(current_setting('weir.tenant', true) = 'every', false);

-- For each new table: one call. The sub-selects are evaluated once for each statement, not for each row.
create function tenancy.isolate(wanted regclass, tenant_column text default 'tenant_id') returns void language plpgsql as $$
declare
  own text := format('(%I = (select tenancy.tenant()) or (select tenancy.is_every_tenant()))', tenant_column);
begin
  execute format('alter table %s enable row level security', wanted);
  execute format('alter table %s force row level security', wanted);
  execute format('create policy tenant on %s using %s with check %s', wanted, own, own);
  execute format('grant select, insert, update, delete on table %s to weir_app', wanted);
end
$$;
revoke execute on function tenancy.isolate from public;

grant usage on schema public, tenancy to weir_app;
grant usage on all sequences in schema public to weir_app;

select tenancy.isolate('tenants', 'id');
select tenancy.isolate(c.oid::regclass) from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not in ('_prisma_migrations', 'tenants');
