import { useChange, useCloud } from "../cloud/use-cloud.ts";
import {
  RemoveIdentityProvider,
  SetIdentityProvider,
  SingleSignOn,
  type SingleSignOnQuery,
} from "../generated/operations.ts";
import { RoleSelect } from "../members/role-select.tsx";
import { useMay } from "../session/viewer.ts";
import { Confirm } from "../ui/confirm.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed, typedExactly } from "../ui/form-dialog.tsx";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Ago } from "../ui/time.tsx";

type Provider = SingleSignOnQuery["identityProvider"];

/** Single sign-on of the tenant. */
export function SsoPanel() {
  const { data, error, refetch } = useCloud(SingleSignOn, {});
  const may = useMay("tenant:write");
  return (
    <Panel
      title="Single sign-on"
      actions={
        may &&
        data !== undefined && (
          <div className="flex gap-2">
            <SetProvider provider={data.identityProvider} />
            {data.identityProvider !== null && <RemoveProvider />}
          </div>
        )
      }
    >
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && <Facts provider={data.identityProvider} />}
    </Panel>
  );
}

function Facts({ provider }: { readonly provider: Provider }) {
  if (provider === null)
    return (
      <p className="text-muted">
        People sign in with passwords alone. A provider that speaks OpenID Connect can vouch for them instead.
      </p>
    );
  const { issuer, clientId, emailDomains, role, changedAt } = provider;
  return (
    <dl className="grid grid-cols-1 gap-x-6 gap-y-1 sm:grid-cols-[12rem_1fr]">
      <dt className="text-muted">Provider</dt>
      <dd className="wrap-anywhere">{issuer}</dd>
      <dt className="text-muted">What it calls this cloud</dt>
      <dd className="wrap-anywhere">{clientId}</dd>
      <dt className="text-muted">Whose addresses come in</dt>
      <dd className="wrap-anywhere">{emailDomains.join(", ")}</dd>
      <dt className="text-muted">They become</dt>
      <dd>{role}</dd>
      <dt className="text-muted">Set</dt>
      <dd>
        <Ago at={changedAt} />
      </dd>
    </dl>
  );
}

function SetProvider({ provider }: { readonly provider: Provider }) {
  const set = useChange(SetIdentityProvider, (data) => data.setIdentityProvider);
  const save = (fields: FormData) =>
    set.mutateAsync({
      input: {
        issuer: typed(fields, "issuer"),
        clientId: typed(fields, "clientId"),
        clientSecret: typedExactly(fields, "clientSecret"),
        emailDomains: typed(fields, "domains").split(/[\s,]+/),
        role: typed(fields, "role"),
      },
    });
  return (
    <FormDialog
      verb={provider === null ? "Set a provider" : "Change"}
      title={provider === null ? "Set a provider" : "Change the provider"}
      save={save}
    >
      <p className="mb-1">At the provider, this is where it sends people back to:</p>
      <div className="mb-3">
        <CopyText text={`${location.origin}/auth/sso/callback`} label="Copy the address" />
      </div>
      <TextField
        label="Address of the provider"
        name="issuer"
        type="url"
        placeholder="https://login.example.org"
        defaultValue={provider?.issuer}
        required
      />
      <TextField label="Client id" name="clientId" defaultValue={provider?.clientId} required />
      <TextField
        label="Client secret"
        name="clientSecret"
        type="password"
        autoComplete="new-password"
        required
        hint="It cannot be read again, so it is asked for with every change."
      />
      <TextField
        label="Domains whose addresses may come in"
        name="domains"
        placeholder="example.org"
        defaultValue={provider?.emailDomains.join(", ")}
        required
      />
      <RoleSelect label="Whoever comes for the first time becomes" {...(provider ? { current: provider.role } : {})} />
    </FormDialog>
  );
}

function RemoveProvider() {
  const remove = useChange(RemoveIdentityProvider, (data) => data.removeIdentityProvider);
  return (
    <Confirm verb="Remove" kind="danger" act={() => remove.mutateAsync({})}>
      Single sign-on ends, and with it the sessions that came by it. Members stay members; who has no password has to be
      invited again to come in.
    </Confirm>
  );
}
