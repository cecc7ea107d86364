import type { RunHeadFragment } from "../generated/operations.ts";
import { OpenedText } from "../seal/opened.tsx";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Moment, Span } from "../ui/time.tsx";
import { attemptsOf, type RunAttempt } from "./run-attempt-list.ts";
import { useRunStates } from "./run-states.tsx";

/** Who held the run, from when to when, and how each time ended. */
export function RunAttempts({ run }: { readonly run: RunHeadFragment }) {
  const { states, error } = useRunStates(run);
  if (states === undefined) return error === null ? <Loading rows={4} /> : <Problem error={error} />;
  const attempts = attemptsOf(states);
  if (attempts.length === 0)
    return (
      <Panel>
        <p className="text-center text-muted">No agent has claimed the run.</p>
      </Panel>
    );
  return (
    <Panel flush>
      <Table caption="Attempts of the run" head={["Attempt", "Claimed", "Held for", "Began", "Ended", "Why"]}>
        {attempts.map((attempt) => (
          <AttemptRow key={attempt.attempt} attempt={attempt} run={run} />
        ))}
      </Table>
      {run.recoveries > 0 && (
        <p className="border-t border-line px-4 py-2 text-muted">
          Its lease ran out {run.recoveries} times since it was created or restarted: an agent fell silent, and another
          took over.
        </p>
      )}
    </Panel>
  );
}

function AttemptRow({ attempt: of, run }: { readonly attempt: RunAttempt; readonly run: RunHeadFragment }) {
  return (
    <tr>
      <Cell className="tabular-nums">{of.attempt}</Cell>
      <Cell>
        <Moment at={of.claimedAt} />
        <p className="text-[13px] text-muted">{of.claim}</p>
      </Cell>
      <Cell>
        <Span from={of.claimedAt} to={of.endedAt} />
      </Cell>
      <Cell>
        <Moment at={of.startedAt} />
      </Cell>
      <Cell>{of.end === null ? <span className="text-muted">held now</span> : <StateBadge state={of.end} />}</Cell>
      <Cell className="min-w-56 break-words">
        <OpenedText text={of.message} sealKeys={run.sealKeys} />
      </Cell>
    </tr>
  );
}
