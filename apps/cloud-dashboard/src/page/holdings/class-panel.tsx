import { Panel } from "../ui/panel.tsx";
import { Cell, Table } from "../ui/table.tsx";
import type { ClassHoldings, ColumnHolding } from "./class-holdings.ts";
import { CountsBar } from "./counts-bar.tsx";
import { DECIDED_CLASSES, type DecidedClass } from "./policy-lines.ts";
import { PolicyChoice } from "./policy-choice.tsx";

/** Of one class: what is held, where, and what a policy may say about it. */
export function ClassPanel({ held }: { readonly held: ClassHoldings }) {
  const { dataClass, columns } = held;
  return (
    <Panel
      title={
        <>
          <code>{dataClass}</code> <span className="font-normal text-muted">{aboutOf(dataClass)}</span>
        </>
      }
      actions={<CountsBar counts={held} />}
      flush
    >
      <Table caption={`Fields of the class ${dataClass}`} head={["Field", "Holds", "The newest, as the cloud sees it"]}>
        {columns.map((column) => (
          <Row key={`${column.table}.${column.column}`} column={column} />
        ))}
      </Table>
      {isDecided(dataClass) ? (
        <PolicyChoice dataClass={dataClass} />
      ) : (
        <p className="border-t border-line px-4 py-2 text-muted">
          No policy decides about it: it is a keyed HMAC always, made with a key that stays with you.
        </p>
      )}
    </Panel>
  );
}

const isDecided = (dataClass: string): dataClass is DecidedClass => Object.hasOwn(DECIDED_CLASSES, dataClass);

function aboutOf(dataClass: string): string {
  return isDecided(dataClass) ? DECIDED_CLASSES[dataClass] : "keyed digests of what cached results were made of";
}

function Row({ column: { table, column, about, sample, ...counts } }: { readonly column: ColumnHolding }) {
  return (
    <tr>
      <Cell className="w-[38%] min-w-56">
        <code>
          {table}.{column}
        </code>
        <span className="block text-muted">{about}</span>
      </Cell>
      <Cell className="w-56">
        <CountsBar counts={counts} />
      </Cell>
      <Cell className="min-w-64">
        {sample === null ? (
          <span className="text-muted">–</span>
        ) : (
          <code className="line-clamp-3 text-[13px] wrap-anywhere whitespace-pre-wrap">{sample}</code>
        )}
      </Cell>
    </tr>
  );
}
