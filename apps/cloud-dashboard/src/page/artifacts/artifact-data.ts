import type { Json } from "@weir/protocol";

/** What an artifact is, read from the JSON that a flow sent: nothing of it is trusted. */
export type ArtifactData =
  | { readonly kind: "link"; readonly url: string; readonly text: string }
  | { readonly kind: "markdown"; readonly markdown: string }
  | {
      readonly kind: "table";
      readonly columns: readonly string[];
      /** The first of them, with as many cells as there are columns. */
      readonly rows: readonly (readonly string[])[];
      readonly total: number;
    }
  /** The user's policy kept it back. */
  | { readonly kind: "withheld" }
  | { readonly kind: "other"; readonly value: Json };

/** Rows and columns of a table that are shown; a browser draws no more of them well. */
const MOST_ROWS = 500;
const MOST_COLUMNS = 50;

/** Reads the data of an artifact of a kind; what does not fit is shown as it is. */
export function readArtifact(kind: "link" | "markdown" | "table", data: Json | null): ArtifactData {
  if (data === null) return { kind: "withheld" };
  const { url, text, markdown, rows } = Object(data) as Readonly<Record<string, unknown>>;
  if (kind === "link" && typeof url === "string")
    return { kind, url, text: typeof text === "string" && text !== "" ? text : url };
  const written = typeof data === "string" ? data : markdown;
  if (kind === "markdown" && typeof written === "string") return { kind, markdown: written };
  const listed: unknown = Array.isArray(data) ? data : rows;
  if (kind === "table" && Array.isArray(listed) && listed.every(isRow)) return tableOf(listed);
  return { kind: "other", value: data };
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (row: unknown): row is Row => typeof row === "object" && row !== null && !Array.isArray(row);

function tableOf(given: readonly Row[]): ArtifactData {
  const shown = given.slice(0, MOST_ROWS);
  const columns = [...new Set(shown.flatMap((row) => Object.keys(row)))].slice(0, MOST_COLUMNS);
  const rows = shown.map((row) => columns.map((column) => cellText(Object.hasOwn(row, column) ? row[column] : null)));
  return { kind: "table", columns, rows, total: given.length };
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "–";
  return typeof cell === "string" ? cell : JSON.stringify(cell);
}
