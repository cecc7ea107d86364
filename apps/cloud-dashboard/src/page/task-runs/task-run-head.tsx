import { Link } from "@tanstack/react-router";
import { isTerminal, type StateName } from "@weir/protocol/state";
import { Approve } from "../flow-runs/run-waiting.tsx";
import { taskText } from "../flow-runs/task-link.tsx";
import type { TaskRunWholeFragment } from "../generated/operations.ts";
import { OpenedText, type SealKeys } from "../seal/opened.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { StateBadge } from "../ui/state-badge.tsx";

interface TaskRunHeadProps {
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly state: StateName;
    readonly sealKeys: SealKeys;
  };
  readonly taskRun: TaskRunWholeFragment;
}

/** Which task run this is, of which run, and the word that it may wait for. */
export function TaskRunHead({ run, taskRun }: TaskRunHeadProps) {
  const { approvedAt, name, number, parent, state } = taskRun;
  const isAsked = state === "Paused" && approvedAt === null && !isTerminal(run.state);
  return (
    <PageHead
      title={`${taskText(taskRun)} #${number}`}
      about={
        <>
          Task run of{" "}
          <Link to="/runs/$runId" params={{ runId: run.id }}>
            {run.name}
          </Link>
          {parent !== null && (
            <>
              , below{" "}
              <Link to="/runs/$runId/tasks/$number" params={{ runId: run.id, number: String(parent) }}>
                task run {parent}
              </Link>
            </>
          )}
        </>
      }
      actions={isAsked && <Approve runId={run.id} number={number} />}
    >
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 break-words">
          {taskText(taskRun)} <span className="text-muted">#{number}</span>
        </span>
        <StateBadge state={state} />
        {name !== null && (
          <span className="text-base font-normal">
            <OpenedText text={name} sealKeys={run.sealKeys} />
          </span>
        )}
      </span>
    </PageHead>
  );
}
