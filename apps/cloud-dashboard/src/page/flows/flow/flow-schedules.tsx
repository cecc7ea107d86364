import { useChange } from "../../cloud/use-cloud.ts";
import { SwitchSchedule } from "../../generated/operations.ts";
import { useMay } from "../../session/viewer.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Cell, Table } from "../../ui/table.tsx";
import { Ago, Moment } from "../../ui/time.tsx";
import { clockText } from "./clock-text.ts";
import type { PageFlow } from "./flow-settings.tsx";

type Schedule = PageFlow["schedules"][number];

/** When runs of a flow begin by themselves. */
export function FlowSchedules({ schedules }: { readonly schedules: readonly Schedule[] }) {
  if (schedules.length === 0)
    return (
      <Panel title="Schedules">
        <Empty title="It begins only when somebody starts it">
          Schedules stand in the flow’s code, as the option <code>schedules</code>; registering it brings them here.
        </Empty>
      </Panel>
    );
  return (
    <Panel title="Schedules" flush>
      <Table caption="Schedules of the flow" head={["Name", "When", "Next", "After that", ""]}>
        {schedules.map((schedule) => (
          <ScheduleRow key={schedule.id} schedule={schedule} />
        ))}
      </Table>
    </Panel>
  );
}

function ScheduleRow({ schedule }: { readonly schedule: Schedule }) {
  const { name, active, zone, definition, next, upcoming } = schedule;
  const clock = clockText(definition);
  return (
    <tr>
      <Cell className="font-medium">{name}</Cell>
      <Cell>
        {clock !== null && <span className="font-mono text-[13px]">{clock}</span>}{" "}
        <span className="whitespace-nowrap text-muted">{zone}</span>
      </Cell>
      <Cell className="whitespace-nowrap">
        {next === null && <span className="text-muted">{active ? "over" : "switched off"}</span>}
        {next !== null && (
          <>
            <Moment at={next} />{" "}
            <span className="text-muted">
              (<Ago at={next} />)
            </span>
          </>
        )}
      </Cell>
      <Cell>
        <ul className="text-muted">
          {upcoming.slice(1, 4).map((at) => (
            <li key={at}>
              <Moment at={at} />
            </li>
          ))}
        </ul>
      </Cell>
      <Cell className="text-right">
        <SwitchButton schedule={schedule} />
      </Cell>
    </tr>
  );
}

function SwitchButton({ schedule: { id, name, active } }: { readonly schedule: Schedule }) {
  const may = useMay("flow:write");
  const change = useChange(SwitchSchedule, ({ setScheduleActive }) => setScheduleActive);
  if (!may) return null;
  return (
    <Confirm verb={active ? "Switch off" : "Switch on"} act={() => change.mutateAsync({ id, active: !active })}>
      {active
        ? `The schedule ${name} makes no more runs, and its runs to come that nobody has touched are taken back. Later versions of the flow keep it switched off.`
        : `The schedule ${name} goes on from now. What it missed meanwhile is not made up for.`}
    </Confirm>
  );
}
