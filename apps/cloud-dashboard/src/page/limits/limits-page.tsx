import { useCloud } from "../cloud/use-cloud.ts";
import { LimitsPage } from "../generated/operations.ts";
import { Needs } from "../session/needs.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Problem } from "../ui/problem.tsx";
import { QueuePanel } from "./queue-panel.tsx";
import { RunLimits } from "./run-limits.tsx";
import { TaskLimits } from "./task-limits.tsx";

/** How much may run at once, who holds it, and who waits for it. */
export function Page() {
  return (
    <Needs title="Limits" permissions={["limit:read"]}>
      <Limits />
    </Needs>
  );
}

function Limits() {
  const { data, error, refetch } = useCloud(LimitsPage, {}, { every: 4_000 });
  return (
    <>
      <PageHead
        title="Limits"
        about="How much may run at once, on all agents together. What runs already goes on when a limit becomes lower."
      />
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <Loading rows={10} />}
      {data !== undefined && (
        <>
          <QueuePanel queue={data.queue} />
          <TaskLimits limits={data.taskLimits.nodes} isCut={data.taskLimits.pageInfo.hasNextPage} />
          <RunLimits limits={data.runLimits.nodes} isCut={data.runLimits.pageInfo.hasNextPage} />
        </>
      )}
    </>
  );
}
