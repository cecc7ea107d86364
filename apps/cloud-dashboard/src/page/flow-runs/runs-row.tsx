import { Link } from "@tanstack/react-router";
import { isFailed } from "@weir/protocol/state";
import { memo, type MouseEvent } from "react";
import { classNames } from "../ui/class-names.ts";
import { StateBadge, StateDot } from "../ui/state-badge.tsx";
import { Ago, Span } from "../ui/time.tsx";
import { RunsFailure } from "./runs-failure.tsx";
import type { RunLine } from "./runs-list.ts";

/** All rows are as tall, so that none moves when what is told in it changes. */
export const ROW_PX = 52;

interface RunsRowProps {
  readonly run: RunLine;
  readonly chosen: boolean;
  /** @param upTo all from the one that was chosen before */
  readonly choose: (id: string, upTo: boolean) => void;
}

/** A run in the list. */
export const RunsRow = memo(function RunsRow({ run, chosen, choose }: RunsRowProps) {
  const click = (event: MouseEvent) => choose(run.id, event.shiftKey);
  return (
    <tr
      data-item={run.id}
      style={{ height: ROW_PX }}
      className={classNames(
        "border-b border-line hover:bg-raised focus-within:bg-raised",
        chosen && "bg-raised shadow-[inset_3px_0_0_var(--color-accent)]",
      )}
    >
      <td className="pl-4">
        <input
          type="checkbox"
          aria-label={`Choose ${run.name}`}
          checked={chosen}
          onClick={click}
          readOnly
          className="size-4 align-middle accent-accent"
        />
      </td>
      <td className="hidden px-2 @2xl:table-cell">
        <StateBadge state={run.state} />
      </td>
      <td className="max-w-0 px-2">
        <Link to="/runs/$runId" params={{ runId: run.id }} className="block truncate font-medium text-ink">
          {run.name}
        </Link>
        <SecondLine run={run} />
      </td>
      <td className="hidden max-w-0 truncate px-2 @5xl:table-cell">{run.agent?.name ?? <None />}</td>
      <td className="hidden px-2 @3xl:table-cell">
        <Ago at={run.startedAt ?? run.scheduledStartTime} />
      </td>
      <td className="px-2 pr-4 text-right">
        <Span from={run.startedAt} to={run.endedAt} />
      </td>
    </tr>
  );
});

/** Of which flow it is, and what there is to say: why it waits, or how it failed. */
function SecondLine({ run }: { readonly run: RunLine }) {
  const { flow, labels, waiting, message, failure, sealKeys } = run;
  const isTold = isFailed(run.state) && (message !== null || failure !== null);
  return (
    <p className="truncate text-[13px] text-muted">
      <span className="@2xl:hidden">
        <span className="mr-1 inline-flex">
          <StateDot state={run.state} />
        </span>
        {run.state} ·{" "}
      </span>
      <Link to="/flows/$flowId" params={{ flowId: flow.id }} className="text-muted">
        {flow.project.name === "default" ? flow.name : `${flow.project.name} / ${flow.name}`}
      </Link>
      {labels.length > 0 && <span> · {labels.join(", ")}</span>}
      {waiting !== null && waiting.reason !== "SCHEDULED" && (
        <span className="text-warn" title={waiting.sentence}>
          {" "}
          · {waiting.sentence}
        </span>
      )}
      {isTold && (
        <span className="text-bad">
          {" "}
          · <RunsFailure message={message} failure={failure} sealKeys={sealKeys} />
        </span>
      )}
    </p>
  );
}

const None = () => <span className="text-muted">–</span>;
