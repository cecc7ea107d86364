import { Link } from "@tanstack/react-router";
import { ThemeChoice, ZoneChoice } from "../app/corner-menu.tsx";
import { useCloud } from "../cloud/use-cloud.ts";
import { SettingsPage } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { CopyText } from "../ui/copy-text.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Moment } from "../ui/time.tsx";
import { AccountPanel } from "./account-panel.tsx";
import { SsoPanel } from "./sso-panel.tsx";

/** Of the tenant, of the person, and of this browser. */
export function Page() {
  const mayReadMembers = useMay("member:read");
  return (
    <>
      <PageHead title="Settings" />
      <TenantPanel />
      {mayReadMembers && <SsoPanel />}
      <AccountPanel />
      <Panel title="This browser">
        <div className="grid max-w-2xl gap-3 sm:grid-cols-2">
          <ThemeChoice />
          <ZoneChoice />
        </div>
      </Panel>
    </>
  );
}

function TenantPanel() {
  const { data, error, refetch } = useCloud(SettingsPage, {});
  return (
    <Panel title="Tenant">
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <dl className="mb-3 grid grid-cols-1 gap-x-6 gap-y-1 sm:grid-cols-[8rem_1fr]">
            <dt className="text-muted">Name</dt>
            <dd className="font-medium wrap-anywhere">{data.viewer.tenant.name}</dd>
            <dt className="text-muted">Since</dt>
            <dd>
              <Moment at={data.viewer.tenant.createdAt} />
            </dd>
            <dt className="text-muted">Id</dt>
            <dd className="max-w-md">
              <CopyText text={data.viewer.tenant.id} label="Copy the id" />
            </dd>
          </dl>
          <p className="text-muted">
            What the cloud keeps of it, export and erase: <Link to="/holdings">What the cloud holds</Link>.
          </p>
        </>
      )}
    </Panel>
  );
}
