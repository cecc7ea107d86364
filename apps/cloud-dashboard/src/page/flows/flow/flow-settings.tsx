import type { FlowPageQuery } from "../../generated/operations.ts";
import { useMay } from "../../session/viewer.ts";
import { Panel } from "../../ui/panel.tsx";
import { Ago } from "../../ui/time.tsx";
import { EditSettings } from "./edit-settings.tsx";

export type PageFlow = NonNullable<FlowPageQuery["flowById"]>;

/** What people say about a flow beside its code: it survives versions. */
export function FlowSettings({ flow }: { readonly flow: PageFlow }) {
  const may = useMay("flow:write");
  const { settings, currentVersion } = flow;
  const labels = settings?.labels ?? currentVersion?.labels ?? [];
  return (
    <Panel title="Settings" actions={may && <EditSettings flow={flow} />}>
      <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_1fr]">
        <dt className="text-muted">Labels</dt>
        <dd>{labels.length === 0 ? "none: any agent may take its runs" : labels.join(", ")}</dd>
        <dt className="text-muted">Takeovers from silent agents</dt>
        <dd>{settings?.maxRecoveries ?? "as the cloud has it"}</dd>
        <dt className="text-muted">Wait before the first</dt>
        <dd>
          {settings?.recoveryBackoffSeconds == null ? "as the cloud has it" : `${settings.recoveryBackoffSeconds} s`}
        </dd>
        <dt className="text-muted">Default parameters</dt>
        <dd className="min-w-0 font-mono text-[13px] break-words">
          {settings?.parameterDefaults == null ? "–" : JSON.stringify(settings.parameterDefaults)}
        </dd>
      </dl>
      <p className="mt-2 text-muted">
        {settings === null
          ? "Nobody has set any: all of it is as the version says."
          : "They survive versions; changed "}
        {settings !== null && <Ago at={settings.changedAt} />}
      </p>
    </Panel>
  );
}
