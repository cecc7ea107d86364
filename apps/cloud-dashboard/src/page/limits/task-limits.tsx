import { Link } from "@tanstack/react-router";
import { useChange } from "../cloud/use-cloud.ts";
import { DeleteTaskLimit, type LimitsPageQuery, SetTaskLimit } from "../generated/operations.ts";
import { Ago } from "../ui/time.tsx";
import { LimitTable } from "./limit-table.tsx";

type TaskLimit = LimitsPageQuery["taskLimits"]["nodes"][number];

interface TaskLimitsProps {
  readonly limits: readonly TaskLimit[];
  readonly isCut: boolean;
}

/** Task runs by tag. */
export function TaskLimits({ limits, isCut }: TaskLimitsProps) {
  const set = useChange(SetTaskLimit, (data) => data.setTaskLimit);
  const remove = useChange(DeleteTaskLimit, (data) => data.deleteTaskLimit);
  return (
    <LimitTable
      title="Task runs by tag"
      word="tag"
      of="Task runs with this tag"
      command="weir limits set database 5"
      isCut={isCut}
      set={(tag, slots) => set.mutateAsync({ input: { tag, slots } })}
      remove={(tag) => remove.mutateAsync({ tag })}
      limits={limits.map(({ tag, taskSlots, ...limit }) => ({
        ...limit,
        name: tag,
        users: taskSlots.length,
        who: <Slots slots={taskSlots} />,
      }))}
    />
  );
}

/** Who holds a slot, and after these who waits, in their order. */
function Slots({ slots }: { readonly slots: TaskLimit["taskSlots"] }) {
  return (
    <ol className="space-y-1">
      {slots.map(({ flowRunId, flowRunName, taskRunNumber, task, askedAt, grantedAt }) => (
        <li key={`${flowRunId}/${taskRunNumber}`} className="flex flex-wrap gap-x-3">
          <span className={grantedAt === null ? "w-16 text-warn" : "w-16 text-good"}>
            {grantedAt === null ? "waits" : "holds"}
          </span>
          <Link
            to="/runs/$runId/tasks/$number"
            params={{ runId: flowRunId, number: String(taskRunNumber) }}
            className="min-w-0 break-words"
          >
            {task ?? "a task"} {taskRunNumber}
          </Link>
          <span>
            of{" "}
            <Link to="/runs/$runId" params={{ runId: flowRunId }}>
              {flowRunName}
            </Link>
          </span>
          <span className="text-muted">
            since <Ago at={grantedAt ?? askedAt} />
          </span>
        </li>
      ))}
    </ol>
  );
}
