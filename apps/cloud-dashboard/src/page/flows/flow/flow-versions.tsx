import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useChange, useCloud } from "../../cloud/use-cloud.ts";
import {
  ArchiveFlowVersion,
  FlowVersions as FlowVersionsQuery,
  type FlowVersionsQuery as Data,
  UnarchiveFlowVersion,
} from "../../generated/operations.ts";
import { useMay } from "../../session/viewer.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Cell, Table } from "../../ui/table.tsx";
import { Ago } from "../../ui/time.tsx";

type Version = NonNullable<Data["flowById"]>["versions"]["nodes"][number];

interface FlowVersionsProps {
  readonly flowId: string;
  /** Of the version that runs; null: all are archived. */
  readonly current: number | null;
}

const STEP = 20;

/** Versions of a flow, newest first. */
export function FlowVersions({ flowId, current }: FlowVersionsProps) {
  const [first, setFirst] = useState(STEP);
  const { data, error, refetch } = useCloud(
    FlowVersionsQuery,
    { id: flowId, first, after: null },
    { every: 30_000, keep: true },
  );
  const versions = data?.flowById?.versions;
  return (
    <Panel title="Versions" flush>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {versions === undefined && error === null && <Loading rows={4} />}
      {versions !== undefined && (
        <Table caption="Versions of the flow" head={["Version", "Registered", "State", "SDK", "Signed", "Compare", ""]}>
          {versions.nodes.map((version) => (
            <VersionRow key={version.id} flowId={flowId} version={version} isCurrent={version.number === current} />
          ))}
        </Table>
      )}
      {versions?.pageInfo.hasNextPage === true && first < 200 && (
        <div className="p-3">
          <Button onClick={() => setFirst(Math.min(200, first * 3))}>Show older ones</Button>
        </div>
      )}
    </Panel>
  );
}

interface VersionRowProps {
  readonly flowId: string;
  readonly version: Version;
  readonly isCurrent: boolean;
}

function VersionRow({ flowId, version, isCurrent }: VersionRowProps) {
  const { number, archivedAt } = version;
  const params = { flowId, number: String(number) };
  return (
    <tr>
      <Cell>
        <Link to="/flows/$flowId/versions/$number" params={params} className="font-medium tabular-nums">
          {number}
        </Link>
      </Cell>
      <Cell>
        <Ago at={version.createdAt} />
      </Cell>
      <Cell className="whitespace-nowrap">{stateOf(archivedAt, isCurrent)}</Cell>
      <Cell>{version.sdkVersion}</Cell>
      <Cell>{version.signature === null ? "no" : "yes"}</Cell>
      <Cell className="whitespace-nowrap">
        {number > 1 && (
          <Link to="/flows/$flowId/versions/$number" params={params} search={{ with: number - 1 }} hash="changes">
            with {number - 1}
          </Link>
        )}
      </Cell>
      <Cell className="text-right">
        <ArchiveButton version={version} isCurrent={isCurrent} />
      </Cell>
    </tr>
  );
}

function stateOf(archivedAt: string | null, isCurrent: boolean): string {
  if (isCurrent) return "runs next";
  return archivedAt === null ? "kept" : "archived";
}

function ArchiveButton({ version, isCurrent }: { readonly version: Version; readonly isCurrent: boolean }) {
  const may = useMay("flow:write");
  const archive = useChange(ArchiveFlowVersion, ({ archiveFlowVersion }) => archiveFlowVersion);
  const unarchive = useChange(UnarchiveFlowVersion, ({ unarchiveFlowVersion }) => unarchiveFlowVersion);
  if (!may) return null;
  const { id, number, archivedAt } = version;
  if (archivedAt === null)
    return (
      <Confirm verb="Archive" act={() => archive.mutateAsync({ id })}>
        Version {number} runs no more.{" "}
        {isCurrent
          ? "The newest version that is not archived runs next, with its schedules; without any, nothing of the flow begins. "
          : ""}
        Runs that were created before keep it.
      </Confirm>
    );
  return (
    <Confirm verb="Unarchive" act={() => unarchive.mutateAsync({ id })}>
      Version {number} is kept again. It runs next when no newer one is left: to go back to it, archive the newer ones
      after this.
    </Confirm>
  );
}
