import type { ReactNode } from "react";
import { useMay } from "../session/viewer.ts";
import { commandHere } from "../ui/command-here.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Empty } from "../ui/empty.tsx";
import { Panel } from "../ui/panel.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Ago } from "../ui/time.tsx";
import { SetLimit } from "./set-limit.tsx";
import { Usage } from "./usage.tsx";

/** A limit of either kind. */
interface Limit {
  readonly name: string;
  readonly slots: number;
  readonly held: number;
  readonly waiting: number;
  readonly changedAt: string;
  /** How many `who` names. */
  readonly users: number;
  readonly who: ReactNode;
}

interface LimitTableProps {
  readonly title: string;
  readonly word: "tag" | "label";
  /** What is limited, at the head of a sentence. */
  readonly of: string;
  readonly command: string;
  readonly limits: readonly Limit[];
  readonly isCut: boolean;
  readonly set: (name: string, slots: number) => Promise<unknown>;
  readonly remove: (name: string) => Promise<unknown>;
}

/** The limits of one kind. */
export function LimitTable({ title, word, of, command, limits, isCut, set, remove }: LimitTableProps) {
  const may = useMay("limit:write");
  return (
    <Panel title={title} flush actions={may && <SetLimit verb="Set a limit" word={word} set={set} />}>
      {limits.length === 0 ? (
        <Empty title={`No ${word} has a limit`} command={commandHere(command)}>
          {of} then run as many at once as you say, and the others wait for a slot, in their order.
        </Empty>
      ) : (
        <Table caption={title} head={[word === "tag" ? "Tag" : "Label", "Slots", "Waiting", "Changed", "Actions"]}>
          {limits.map((limit) => (
            <Row key={limit.name} limit={limit} word={word} of={of} {...(may ? { set, remove } : {})} />
          ))}
        </Table>
      )}
      {isCut && (
        <p className="p-4 text-muted">
          The first 50 are shown; <code>weir limits list</code> prints all.
        </p>
      )}
    </Panel>
  );
}

interface RowProps extends Pick<LimitTableProps, "word" | "of">, Partial<Pick<LimitTableProps, "set" | "remove">> {
  readonly limit: Limit;
}

function Row({ limit: { name, slots, held, waiting, changedAt, users, who }, word, of, set, remove }: RowProps) {
  return (
    <tr>
      <Cell className="min-w-64">
        <span className="font-medium wrap-anywhere">{name}</span>
        {users + waiting > 0 && (
          <details className="mt-1">
            <summary className="text-muted">who holds and who waits</summary>
            <div className="mt-2">{who}</div>
          </details>
        )}
      </Cell>
      <Cell>
        <Usage held={held} slots={slots} />
      </Cell>
      <Cell className="tabular-nums">{waiting.toLocaleString("en")}</Cell>
      <Cell>
        <Ago at={changedAt} />
      </Cell>
      <Cell>
        <div className="flex justify-end gap-2">
          {set !== undefined && <SetLimit verb="Change" word={word} name={name} slots={slots} set={set} />}
          {remove !== undefined && (
            <Confirm verb="Remove" kind="danger" act={() => remove(name)}>
              {of} ({name}) run as they come from now on, those that wait for a slot at once.
            </Confirm>
          )}
        </div>
      </Cell>
    </tr>
  );
}
