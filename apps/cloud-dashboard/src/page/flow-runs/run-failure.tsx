import { Link } from "@tanstack/react-router";
import type { Json } from "@weir/protocol";
import { isFailed } from "@weir/protocol/state";
import { useMemo } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { RunFailedTask, type RunHeadFragment } from "../generated/operations.ts";
import { OpenedFailure, OpenedText, type SealKeys } from "../seal/opened.tsx";
import { useMay } from "../session/viewer.ts";
import { countText } from "../ui/count-text.ts";
import { firstFailed } from "./run-failed.ts";
import type { TaskRow } from "./run-store.ts";
import { taskText } from "./task-link.tsx";

interface RunFailureProps {
  readonly run: RunHeadFragment;
  readonly taskRuns: readonly TaskRow[];
}

/** Failed task runs that are told with their failures. */
const SHOWN = 3;

/** What went wrong in a run that failed: the task runs in which it began, then what the run itself says. */
export function RunFailure({ run, taskRuns }: RunFailureProps) {
  const failed = useMemo(() => firstFailed(taskRuns), [taskRuns]);
  if (!isFailed(run.state)) return null;
  const { failure, message, sealKeys } = run;
  return (
    <section aria-labelledby="failed" className="mb-4 rounded-lg border border-bad bg-panel p-4">
      <h2 id="failed" className="mb-2 font-semibold text-bad">
        Why it failed
      </h2>
      {failed.slice(0, SHOWN).map((taskRun) => (
        <FailedTask key={taskRun.number} runId={run.id} taskRun={taskRun} sealKeys={sealKeys} />
      ))}
      {failed.length > SHOWN && (
        <p className="mb-3">
          <Link
            to="/runs/$runId"
            params={{ runId: run.id }}
            search={{ tab: "tasks", state: [...new Set(failed.map(({ state }) => state))] }}
          >
            and {countText(failed.length - SHOWN, "other failed task run")}
          </Link>
        </p>
      )}
      {message !== null && (
        <p className="break-words whitespace-pre-wrap">
          <OpenedText text={message} sealKeys={sealKeys} />
        </p>
      )}
      {failure !== null && <OwnFailure failure={failure} sealKeys={sealKeys} isAll={failed.length === 0} />}
    </section>
  );
}

interface OwnFailureProps {
  readonly failure: Json;
  readonly sealKeys: SealKeys;
  /** No task run failed, so there is nothing else. */
  readonly isAll: boolean;
}

/** What the run itself says: most often it repeats what its task runs say. */
function OwnFailure({ failure, sealKeys, isAll }: OwnFailureProps) {
  if (isAll) return <OpenedFailure failure={failure} sealKeys={sealKeys} />;
  return (
    <details>
      <summary className="mb-1 text-muted">What the run itself says</summary>
      <OpenedFailure failure={failure} sealKeys={sealKeys} />
    </details>
  );
}

interface FailedTaskProps {
  readonly runId: string;
  readonly taskRun: TaskRow;
  readonly sealKeys: SealKeys;
}

function FailedTask({ runId, taskRun, sealKeys }: FailedTaskProps) {
  const { number, tryNumber } = taskRun;
  const { data } = useCloud(RunFailedTask, { id: runId, after: String(number - 1) });
  const mayReadLogs = useMay("log:read");
  const told = data?.flowRun?.taskRuns.nodes[0];
  return (
    <div className="mb-3 min-h-22">
      <p className="flex flex-wrap gap-x-3">
        <Link to="/runs/$runId/tasks/$number" params={{ runId, number: String(number) }} className="font-medium">
          {taskText(taskRun)} #{number}
        </Link>
        <span className="text-muted">
          {taskRun.state}
          {tryNumber > 1 && ` after ${tryNumber} tries`}
        </span>
        {mayReadLogs && (
          <Link to="/runs/$runId/logs" params={{ runId }} search={{ taskRun: number }}>
            Logs
          </Link>
        )}
      </p>
      {told != null && told.failure !== null && <OpenedFailure failure={told.failure} sealKeys={sealKeys} />}
      {told != null && told.failure === null && told.message !== null && (
        <p className="break-words whitespace-pre-wrap">
          <OpenedText text={told.message} sealKeys={sealKeys} />
        </p>
      )}
    </div>
  );
}
