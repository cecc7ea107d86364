import { useInfiniteQuery } from "@tanstack/react-query";
import { ask } from "../cloud/ask.ts";
import { type RunHeadFragment, RunResults, type RunResultsQuery } from "../generated/operations.ts";
import { OpenedText, type SealKeys } from "../seal/opened.tsx";
import { Button } from "../ui/button.tsx";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { bytesText } from "../ui/bytes-text.ts";
import { TaskLink, useTaskLinks } from "./task-link.tsx";

/** Where the results of the task runs lie. They are at the user's place; the cloud has none of them. */
export function RunResultsPart({ run }: { readonly run: RunHeadFragment }) {
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [RunResults.name, run.id],
    queryFn: ({ pageParam, signal }) => ask(RunResults, { id: run.id, after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ flowRun }) =>
      flowRun?.taskRuns.pageInfo.hasNextPage ? flowRun.taskRuns.pageInfo.endCursor : null,
  });
  const follow = useTaskLinks(run.id);
  if (data === undefined) return error === null ? <Loading rows={6} /> : <Problem error={error} />;
  const results = data.pages.flatMap((page) => page.flowRun?.taskRuns.nodes ?? []).filter(({ location }) => location);
  return (
    <Panel flush>
      <p className="px-4 py-2 text-muted">
        Results stay where your agents write them. The cloud knows their places, and reads none.
      </p>
      <div onClick={follow}>
        <Table caption="Results of task runs" head={["Task run", "Location", "Size"]}>
          {results.map((result) => (
            <ResultRow key={result.number} runId={run.id} result={result} sealKeys={run.sealKeys} />
          ))}
        </Table>
      </div>
      {results.length === 0 && <p className="px-4 py-6 text-center text-muted">No task run has written a result.</p>}
      {hasNextPage && (
        <div className="border-t border-line px-4 py-2">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Look through more task runs
          </Button>
        </div>
      )}
    </Panel>
  );
}

type Result = NonNullable<RunResultsQuery["flowRun"]>["taskRuns"]["nodes"][number];

interface ResultRowProps {
  readonly runId: string;
  readonly result: Result;
  readonly sealKeys: SealKeys;
}

function ResultRow({ runId, result, sealKeys }: ResultRowProps) {
  return (
    <tr>
      <Cell className="max-w-64 truncate">
        <TaskLink runId={runId} taskRun={result} />
      </Cell>
      <Cell className="font-mono text-[13px] break-all">
        <OpenedText text={result.location} sealKeys={sealKeys} />
      </Cell>
      <Cell className="whitespace-nowrap tabular-nums">{bytesText(result.resultBytes)}</Cell>
    </tr>
  );
}
