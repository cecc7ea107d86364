import { getRouteApi } from "@tanstack/react-router";
import { Button } from "../ui/button.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { useCloud } from "../cloud/use-cloud.ts";
import { FlowsPage } from "../generated/operations.ts";
import { FlowsFilter } from "./list/flows-filter.tsx";
import { FlowsTable } from "./list/flows-table.tsx";
import { present } from "./search-text.ts";
import { NoFlows } from "./list/no-flows.tsx";

const route = getRouteApi("/flows");
const ROWS = 30;

/** All flows of the tenant. */
export function Page() {
  const { project, name, after } = route.useSearch();
  const navigate = route.useNavigate();
  const variables = { first: ROWS, project: project ?? null, name: name ?? null, after: after ?? null };
  const { data, error, refetch, isPlaceholderData } = useCloud(FlowsPage, variables, { every: 10_000, keep: true });
  const { nodes, pageInfo } = data?.flows ?? {};
  const turn = (cursor: string | null) =>
    void navigate({ search: (before) => present({ ...before, after: cursor ?? undefined }) });
  return (
    <>
      <PageHead title="Flows" about="What was registered here, and how it does." />
      <FlowsFilter />
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      <Panel flush>
        {nodes === undefined && error === null && <Loading rows={8} />}
        {nodes?.length === 0 && <NoFlows isNarrowed={project !== undefined || name !== undefined} />}
        {nodes !== undefined && nodes.length > 0 && <FlowsTable flows={nodes} dim={isPlaceholderData} />}
      </Panel>
      {(after !== undefined || pageInfo?.hasNextPage === true) && (
        <div className="flex justify-end gap-2">
          <Button disabled={after === undefined} onClick={() => turn(null)}>
            Newest
          </Button>
          <Button disabled={pageInfo?.hasNextPage !== true} onClick={() => turn(pageInfo?.endCursor ?? null)}>
            Older
          </Button>
        </div>
      )}
    </>
  );
}
