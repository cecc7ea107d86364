import { Link, useParams } from "@tanstack/react-router";
import { isTerminal } from "@weir/protocol/state";
import { useCloud } from "../cloud/use-cloud.ts";
import { useRunLive } from "../flow-runs/run-live.ts";
import { SealKeysOfRun } from "../flow-runs/task-link.tsx";
import { LogsView } from "../logs/logs-view.tsx";
import { TaskRunPage, type TaskRunPageQuery, type TaskRunWholeFragment } from "../generated/operations.ts";
import { OpenedFailure, OpenedText } from "../seal/opened.tsx";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Problem } from "../ui/problem.tsx";
import { MappedChildren } from "./mapped-children.tsx";
import { TaskRunFacts } from "./task-run-facts.tsx";
import { TaskRunHead } from "./task-run-head.tsx";
import { TaskRunNeighbours } from "./task-run-neighbours.tsx";
import { TaskRunStates } from "./task-run-states.tsx";

type RunOfTask = NonNullable<TaskRunPageQuery["flowRun"]>;

const everyMs = (data: TaskRunPageQuery | undefined) => {
  const taskRun = data?.flowRun?.taskRuns.nodes[0];
  return taskRun !== undefined && data?.flowRun && isTerminal(data.flowRun.state) ? (false as const) : 2_000;
};

export function Page() {
  const { runId, number } = useParams({ from: "/runs/$runId/tasks/$number" });
  const place = Number(number);
  const isNumber = Number.isSafeInteger(place) && place > 0;
  const { data, error, refetch } = useCloud(
    TaskRunPage,
    { id: runId, after: String(place - 1) },
    { every: everyMs, enabled: isNumber },
  );
  const taskRun = data?.flowRun?.taskRuns.nodes.find((one) => one.number === place);
  if (data?.flowRun && taskRun !== undefined) return <TaskRun run={data.flowRun} taskRun={taskRun} />;
  if (data === undefined && isNumber) {
    return (
      <>
        <PageHead title="Task run" />
        {error === null ? <Loading rows={8} /> : <Problem error={error} again={() => void refetch()} />}
      </>
    );
  }
  return <NoSuchTaskRun runId={runId} number={number} />;
}

interface TaskRunProps {
  readonly run: RunOfTask;
  readonly taskRun: TaskRunWholeFragment;
}

function TaskRun({ run, taskRun }: TaskRunProps) {
  const { taskRuns } = useRunLive(run.id, undefined);
  const { failure, message, mapCount, number } = taskRun;
  return (
    <SealKeysOfRun value={run.sealKeys}>
      <TaskRunHead run={run} taskRun={taskRun} />
      {failure !== null && (
        <section aria-labelledby="failed" className="mb-4 rounded-lg border border-bad bg-panel p-4">
          <h2 id="failed" className="mb-2 font-semibold text-bad">
            Why it failed
          </h2>
          <OpenedFailure failure={failure} sealKeys={run.sealKeys} />
        </section>
      )}
      {failure === null && message !== null && (
        <p className="mb-4 rounded-lg border border-line bg-panel p-4 break-words whitespace-pre-wrap">
          <OpenedText text={message} sealKeys={run.sealKeys} />
        </p>
      )}
      {mapCount !== null && <MappedChildren runId={run.id} number={number} taskRuns={taskRuns} />}
      <TaskRunFacts taskRun={taskRun} sealKeys={run.sealKeys} />
      <TaskRunNeighbours runId={run.id} taskRun={taskRun} taskRuns={taskRuns} />
      <TaskRunStates states={taskRun.states} sealKeys={run.sealKeys} />
      <LogsView runId={run.id} taskRun={number} className="h-96" />
    </SealKeysOfRun>
  );
}

function NoSuchTaskRun({ runId, number }: { readonly runId: string; readonly number: string }) {
  return (
    <>
      <PageHead title="There is no such task run" />
      <Empty
        title={`The run has no task run ${number} as yet, or it is older than this cloud keeps them.`}
        command={`weir runs show ${runId}`}
      >
        <Link to="/runs/$runId" params={{ runId }}>
          Look at the run
        </Link>
      </Empty>
    </>
  );
}
