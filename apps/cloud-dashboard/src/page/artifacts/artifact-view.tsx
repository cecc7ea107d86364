import type { Json } from "@weir/protocol";
import { lazy, Suspense } from "react";
import { Loading } from "../ui/loading.tsx";
import type { ArtifactData } from "./artifact-data.ts";
import { CheckedLink } from "./checked-link.tsx";
import { canLayOut } from "./markdown-size.ts";
import { RestAsText } from "./rest-as-text.tsx";

const MarkdownText = lazy(() => import("./markdown-text.tsx"));

/** What a flow has made for people to look at. */
export function ArtifactView({ data }: { readonly data: ArtifactData }) {
  if (data.kind === "link") return <CheckedLink url={data.url}>{data.text}</CheckedLink>;
  if (data.kind === "markdown") return <MarkdownView text={data.markdown} />;
  if (data.kind === "table") return <TableView table={data} />;
  if (data.kind === "withheld")
    return <p className="text-muted">The boundary policy of the agent kept its content on the agent’s side.</p>;
  return <PlainText text={jsonText(data.value)} />;
}

const jsonText = (value: Json): string => JSON.stringify(value, null, 2);

function MarkdownView({ text }: { readonly text: string }) {
  if (!canLayOut(text)) return <PlainText text={text} />;
  return (
    <RestAsText rest={<PlainText text={text} />}>
      <Suspense fallback={<Loading rows={4} />}>
        <MarkdownText text={text} />
      </Suspense>
    </RestAsText>
  );
}

function PlainText({ text }: { readonly text: string }) {
  return (
    <pre className="max-h-96 overflow-auto font-mono text-[13px] break-words whitespace-pre-wrap" tabIndex={0}>
      {text}
    </pre>
  );
}

function TableView({ table }: { readonly table: Extract<ArtifactData, { kind: "table" }> }) {
  const { columns, rows, total } = table;
  return (
    <div className="max-h-[32rem] overflow-auto" tabIndex={0} role="region" aria-label="Table">
      <table className="border-collapse text-left">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className="sticky top-0 border border-line bg-raised px-2 py-1 font-medium">
                <bdi>{column}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            // Rows of an artifact never change their place.
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column} className="border border-line px-2 py-1 tabular-nums">
                  <bdi>{cell}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {total > rows.length && (
        <p className="mt-1 text-muted">
          The first {rows.length.toLocaleString("en")} of {total.toLocaleString("en")} rows.
        </p>
      )}
    </div>
  );
}
