import { useCloud } from "../cloud/use-cloud.ts";
import { type RunHeadFragment, RunStates, type RunStateRowFragment } from "../generated/operations.ts";
import { OpenedFailure, OpenedText, type SealKeys } from "../seal/opened.tsx";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { durationText } from "../ui/time-text.ts";
import { Moment } from "../ui/time.tsx";

/** The history of a run, asked again whenever it has changed. */
export function useRunStates({ id, stateVersion }: Pick<RunHeadFragment, "id" | "stateVersion">) {
  const { data, error } = useCloud(
    RunStates,
    { id },
    { every: (known) => ((known?.flowRun?.states.at(-1)?.version ?? stateVersion) < stateVersion ? 500 : false) },
  );
  return { states: data?.flowRun?.states, error };
}

/** Every state that the run was in, with what was said of it. */
export function RunStatesPart({ run }: { readonly run: RunHeadFragment }) {
  const { states, error } = useRunStates(run);
  if (states === undefined) return error === null ? <Loading rows={6} /> : <Problem error={error} />;
  return (
    <Panel flush>
      <Table caption="States of the run" head={["No.", "State", "At", "For", "Message"]}>
        {states.map((state, index) => (
          <StateRow key={state.version} state={state} next={states[index + 1]?.at} sealKeys={run.sealKeys} />
        ))}
      </Table>
    </Panel>
  );
}

interface StateRowProps {
  readonly state: RunStateRowFragment;
  readonly next: string | undefined;
  readonly sealKeys: SealKeys;
}

function StateRow({ state: { at, failure, message, state, version }, next, sealKeys }: StateRowProps) {
  return (
    <tr>
      <Cell className="text-muted tabular-nums">{version}</Cell>
      <Cell>
        <StateBadge state={state} />
      </Cell>
      <Cell>
        <Moment at={at} />
      </Cell>
      <Cell className="whitespace-nowrap tabular-nums">
        {next === undefined ? "" : durationText(Date.parse(next) - Date.parse(at))}
      </Cell>
      <Cell className="min-w-72 break-words">
        {message !== null && <OpenedText text={message} sealKeys={sealKeys} />}
        {failure !== null && <OpenedFailure failure={failure} sealKeys={sealKeys} />}
      </Cell>
    </tr>
  );
}
