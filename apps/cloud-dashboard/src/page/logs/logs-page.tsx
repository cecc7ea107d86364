import { Link, useParams } from "@tanstack/react-router";
import { PageHead } from "../ui/page-head.tsx";
import { LogsView } from "./logs-view.tsx";
import { useLogsHead } from "./use-log-book.ts";

export function Page() {
  const { runId } = useParams({ from: "/runs/$runId/logs" });
  const name = useLogsHead(runId).data?.flowRun?.name;
  return (
    <>
      <PageHead title={name === undefined ? "Logs" : `Logs of ${name}`}>
        Logs of{" "}
        <Link to="/runs/$runId" params={{ runId }}>
          {name ?? "the run"}
        </Link>
      </PageHead>
      <LogsView key={runId} runId={runId} className="h-[calc(100vh-9rem)] min-h-80" />
    </>
  );
}
