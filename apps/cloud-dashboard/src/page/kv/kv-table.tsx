import { Link } from "@tanstack/react-router";
import type { KvPageQuery } from "../generated/operations.ts";
import { commandHere } from "../ui/command-here.ts";
import { Empty } from "../ui/empty.tsx";
import { Pager } from "../ui/pager.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Ago } from "../ui/time.tsx";

interface KvTableProps {
  readonly list: KvPageQuery["kvEntries"];
  readonly prefix: string;
}

/** The keys, each a link to its value. */
export function KvTable({ list: { nodes, pageInfo }, prefix }: KvTableProps) {
  if (nodes.length === 0 && prefix !== "")
    return <Empty title="No key begins like that">Keys are found by their first letters, in their own case.</Empty>;
  if (nodes.length === 0)
    return (
      <Empty title="There is no key" command={commandHere("weir kv set orders/cursor 1742")}>
        Programs and people read it with <code>weir kv get</code> or by GraphQL. Written with <code>weir</code>, a value
        is sealed where your policy seals parameters.
      </Empty>
    );
  return (
    <>
      <Table caption="Keys" head={["Key", "Version", "Written", "By"]}>
        {nodes.map(({ key, version, updatedAt, updatedBy }) => (
          <tr key={key}>
            <Cell>
              <Link to="." search={((old: object) => ({ ...old, key })) as never} className="wrap-anywhere">
                {key}
              </Link>
            </Cell>
            <Cell className="tabular-nums">{version}</Cell>
            <Cell>
              <Ago at={updatedAt} />
            </Cell>
            <Cell className="wrap-anywhere">{updatedBy}</Cell>
          </tr>
        ))}
      </Table>
      <Pager page={pageInfo} />
    </>
  );
}
