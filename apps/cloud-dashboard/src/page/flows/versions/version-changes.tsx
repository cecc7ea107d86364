import { getRouteApi } from "@tanstack/react-router";
import { useCloud } from "../../cloud/use-cloud.ts";
import { VersionChanges as VersionChangesQuery } from "../../generated/operations.ts";
import { Empty } from "../../ui/empty.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Problem } from "../../ui/problem.tsx";
import { ChangeTable } from "./change-table.tsx";

const route = getRouteApi("/flows/$flowId/versions/$number");

interface VersionChangesProps {
  readonly flowId: string;
  readonly number: number;
  /** All versions of the flow. */
  readonly versions: readonly { readonly id: string; readonly number: number }[];
}

/** What is different in a version, seen from another one, which the address names. */
export function VersionChanges({ flowId, number, versions }: VersionChangesProps) {
  const { with: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const others = versions.filter((version) => version.number !== number);
  const other = others.find((version) => version.number === (wanted ?? number - 1)) ?? others[0];
  const choose = (chosen: string) => void navigate({ search: { with: Number(chosen) }, replace: true });
  return (
    <Panel title={<span id="changes">Changes</span>}>
      {other === undefined ? (
        <Empty title="This is the flow’s only version">
          Other content that is registered under its name becomes the next version, and what changed stands here.
        </Empty>
      ) : (
        <>
          <SelectField
            label="Seen from version"
            className="max-w-40"
            value={other.number}
            onChange={({ target }) => choose(target.value)}
          >
            {others.map((version) => (
              <option key={version.id}>{version.number}</option>
            ))}
          </SelectField>
          <Changes flowId={flowId} number={number} otherId={other.id} />
        </>
      )}
    </Panel>
  );
}

interface ChangesProps {
  readonly flowId: string;
  readonly number: number;
  readonly otherId: string;
}

function Changes({ flowId, number, otherId }: ChangesProps) {
  const { data, error, refetch } = useCloud(VersionChangesQuery, { id: flowId, number, with: otherId });
  if (error !== null) return <Problem error={error} again={() => void refetch()} />;
  if (data === undefined) return <Loading rows={4} />;
  const diff = data.flowById?.version?.diff;
  if (diff == null) return <p className="text-muted">One of the two versions is gone.</p>;
  return (
    <>
      <ChangeTable changes={[...diff.changes, ...(diff.parameterChanges ?? [])]} />
      {diff.parameterChanges === null && (
        <p className="mt-2 text-muted">
          Defaults and schedules are not shown to you: that takes <code>parameter:read</code>.
        </p>
      )}
    </>
  );
}
