import { useMemo } from "react";
import { classNames } from "../../ui/class-names.ts";
import { Table } from "../../ui/table.tsx";
import { type Change, type ChangedLine, changedParts, type ChangeRow } from "./change-rows.ts";

/** Differences of two versions: what they are of, then line by line. */
export function ChangeTable({ changes }: { readonly changes: readonly Change[] }) {
  const parts = useMemo(() => changedParts(changes), [changes]);
  if (parts.length === 0) return <p>The two versions say the same.</p>;
  return parts.map(({ title, rows }) => (
    <section key={title} className="mb-4">
      <h3 className="mb-1 font-semibold">{title}</h3>
      <div className="overflow-x-auto rounded-md border border-line">
        <Table caption={title} head={["What", "How", "Before and after"]}>
          {rows.map((row) => (
            <Row key={`${row.kind} ${row.name}`} row={row} />
          ))}
        </Table>
      </div>
    </section>
  ));
}

const LOOKS = { added: "text-good", removed: "text-bad", changed: "text-warn" } as const;

function Row({ row: { kind, name, lines, isSealed } }: { readonly row: ChangeRow }) {
  return (
    <tr>
      <th scope="row" className="px-4 py-2 align-top font-medium">
        {name ?? "all of it"}
      </th>
      <td className={classNames("px-4 py-2 align-top", LOOKS[kind])}>{kind}</td>
      <td className="w-full px-4 py-2 align-top">
        {isSealed ? (
          <span className="text-sealed">sealed: its text is another one; `weir flows diff` opens it with your key</span>
        ) : (
          <Lines lines={lines} />
        )}
      </td>
    </tr>
  );
}

/** More are not shown at once: the page would stand still. */
const MOST_LINES = 400;

function Lines({ lines }: { readonly lines: readonly ChangedLine[] }) {
  return (
    <pre className="font-mono text-[13px] whitespace-pre-wrap">
      {lines.slice(0, MOST_LINES).map(({ sign, text }, at) => (
        // Lines of a comparison never change their order.
        <span
          key={at}
          className={classNames(
            "block",
            sign === "+" && "text-good",
            sign === "-" && "text-bad",
            sign === " " && "text-muted",
          )}
        >
          {sign} {text}
        </span>
      ))}
      {lines.length > MOST_LINES && (
        <span className="block text-muted">
          … and {lines.length - MOST_LINES} lines more: weir flows diff shows all
        </span>
      )}
    </pre>
  );
}
