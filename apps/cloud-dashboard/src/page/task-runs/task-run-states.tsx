import { OpenedFailure, OpenedText, type SealKeys } from "../seal/opened.tsx";
import type { TaskRunWholeFragment } from "../generated/operations.ts";
import { Panel } from "../ui/panel.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { durationText } from "../ui/time-text.ts";
import { Moment } from "../ui/time.tsx";

type TaskRunState = TaskRunWholeFragment["states"][number];

interface TaskRunStatesProps {
  readonly states: readonly TaskRunState[];
  readonly sealKeys: SealKeys;
}

/** Every state that a task run was in, of all attempts, with what was said of it. */
export function TaskRunStates({ states, sealKeys }: TaskRunStatesProps) {
  return (
    <Panel title="States" flush>
      <Table caption="States of the task run" head={["Attempt", "State", "At", "For", "Message"]}>
        {states.map((state, index) => (
          <StateRow
            key={`${state.attempt}.${state.number}`}
            state={state}
            next={states[index + 1]?.at}
            sealKeys={sealKeys}
          />
        ))}
      </Table>
    </Panel>
  );
}

interface StateRowProps {
  readonly state: TaskRunState;
  readonly next: string | undefined;
  readonly sealKeys: SealKeys;
}

function StateRow({ state: told, next, sealKeys }: StateRowProps) {
  const { at, attempt, failure, message, refused, state, tryNumber } = told;
  return (
    <tr>
      <Cell className="text-muted tabular-nums">{attempt}</Cell>
      <Cell className="whitespace-nowrap">
        <StateBadge state={state} />
        {tryNumber !== null && tryNumber > 1 && <span className="ml-2 text-muted">try {tryNumber}</span>}
      </Cell>
      <Cell>
        <Moment at={at} />
      </Cell>
      <Cell className="whitespace-nowrap tabular-nums">
        {next === undefined ? "" : durationText(Date.parse(next) - Date.parse(at))}
      </Cell>
      <Cell className="min-w-72 break-words">
        {refused !== null && <p className="text-warn">Recorded, but not applied: {refused}</p>}
        {message !== null && <OpenedText text={message} sealKeys={sealKeys} />}
        {failure !== null && <OpenedFailure failure={failure} sealKeys={sealKeys} />}
      </Cell>
    </tr>
  );
}
