import { Link } from "@tanstack/react-router";
import { useChange } from "../cloud/use-cloud.ts";
import { DeleteRunLimit, type LimitsPageQuery, SetRunLimit } from "../generated/operations.ts";
import { LimitTable } from "./limit-table.tsx";

type RunLimit = LimitsPageQuery["runLimits"]["nodes"][number];

interface RunLimitsProps {
  readonly limits: readonly RunLimit[];
  readonly isCut: boolean;
}

/** Flow runs by label. */
export function RunLimits({ limits, isCut }: RunLimitsProps) {
  const set = useChange(SetRunLimit, (data) => data.setRunLimit);
  const remove = useChange(DeleteRunLimit, (data) => data.deleteRunLimit);
  return (
    <LimitTable
      title="Flow runs by label"
      word="label"
      of="Flow runs with this label"
      command="weir limits set gpu 2 --runs"
      isCut={isCut}
      set={(label, slots) => set.mutateAsync({ input: { label, slots } })}
      remove={(label) => remove.mutateAsync({ label })}
      limits={limits.map(({ label, holders, ...limit }) => ({
        ...limit,
        name: label,
        users: holders.length,
        who: <Holders holders={holders} label={label} waiting={limit.waiting} />,
      }))}
    />
  );
}

interface HoldersProps {
  readonly holders: RunLimit["holders"];
  readonly label: string;
  readonly waiting: number;
}

function Holders({ holders, label, waiting }: HoldersProps) {
  return (
    <ul className="space-y-1">
      {holders.map(({ flowRunId, flowRunName, agent }) => (
        <li key={flowRunId} className="flex flex-wrap gap-x-3">
          <span className="w-16 text-good">holds</span>
          <Link to="/runs/$runId" params={{ runId: flowRunId }}>
            {flowRunName}
          </Link>
          <span className="text-muted">on {agent ?? "an agent that is gone"}</span>
        </li>
      ))}
      {waiting > 0 && (
        <li className="flex flex-wrap gap-x-3">
          <span className="w-16 text-warn">wait</span>
          <Link to="/runs" search={{ label: [label], state: ["Scheduled", "Queued", "Retrying"] }}>
            {waiting.toLocaleString("en")} more
          </Link>
        </li>
      )}
    </ul>
  );
}
