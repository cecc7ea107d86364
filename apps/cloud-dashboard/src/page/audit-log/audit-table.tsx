import { Link } from "@tanstack/react-router";
import type { AuditPageQuery } from "../generated/operations.ts";
import { Empty } from "../ui/empty.tsx";
import { Pager } from "../ui/pager.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Moment } from "../ui/time.tsx";
import { Actor } from "./actor.tsx";
import { Outcome } from "./outcome.tsx";

interface AuditTableProps {
  readonly list: AuditPageQuery["auditLog"];
  readonly names: ReadonlyMap<string, string>;
}

/** The entries of a page, newest first. */
export function AuditTable({ list: { nodes, pageInfo }, names }: AuditTableProps) {
  if (nodes.length === 0)
    return (
      <Empty title="No entry fits">Each change by a person, a key or an agent, and each refusal, is one here.</Empty>
    );
  return (
    <>
      <Table caption="Entries" head={["Number", "When", "Who", "Action", "On", "Outcome"]}>
        {nodes.map(({ sequence, at, actorKind, actorId, action, targetKind, targetId, outcome, code }) => (
          <tr key={sequence}>
            <Cell className="tabular-nums">
              <Link to="." search={((old: object) => ({ ...old, entry: sequence })) as never}>
                {sequence}
              </Link>
            </Cell>
            <Cell>
              <Moment at={at} />
            </Cell>
            <Cell className="wrap-anywhere">
              <Actor kind={actorKind} id={actorId} names={names} />
            </Cell>
            <Cell className="font-mono text-[13px]">{action}</Cell>
            <Cell>
              <Target kind={targetKind} id={targetId} />
            </Cell>
            <Cell>
              <Outcome outcome={outcome} code={code} />
            </Cell>
          </tr>
        ))}
      </Table>
      <Pager page={pageInfo} />
    </>
  );
}

function Target({ kind, id }: { readonly kind: string | null; readonly id: string | null }) {
  if (kind === null && id === null) return <span className="text-muted">–</span>;
  if (kind === "FlowRun" && id !== null)
    return (
      <Link to="/runs/$runId" params={{ runId: id }} title={id}>
        {kind} <span className="font-mono text-[13px]">{id.slice(0, 18)}</span>
      </Link>
    );
  return (
    <span title={id ?? undefined}>
      {kind} <span className="font-mono text-[13px] text-muted">{id?.slice(0, 18)}</span>
    </span>
  );
}
