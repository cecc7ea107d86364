/** A value of one cell, as it goes into an array literal. JSON stands as text. */
export type Cell = number | string | null;

/**
 * Rows on their way into `unnest`: one array literal per column. Written by hand because pg's own array encoder walks every value
 * several times; a report of 500 events has 10,000 cells.
 */
export class SqlRows<Name extends string> {
  readonly #columns: readonly (readonly [Name, string])[];
  readonly #rows: Record<Name, Cell>[] = [];

  /** `types` names the Postgres type of each column, in the order in which they are passed. */
  constructor(types: Readonly<Record<Name, string>>) {
    this.#columns = Object.entries(types) as [Name, string][];
  }

  get length(): number {
    return this.#rows.length;
  }

  get columnCount(): number {
    return this.#columns.length;
  }

  push(row: Readonly<Record<Name, Cell>>): void {
    this.#rows.push(row);
  }

  /** Changes one column of all rows. */
  change(name: Name, to: (cell: Cell) => Cell): void {
    for (const row of this.#rows) row[name] = to(row[name]);
  }

  /** The array literals, one per column. */
  values(): string[] {
    return this.#columns.map(([name]) => arrayLiteral(this.#rows.map((row) => row[name])));
  }

  /** `unnest($8::int4[], …) as u(number, …)` with the placeholders from `first` on. */
  unnest(first: number): string {
    const casts = this.#columns.map(([, type], i) => `$${first + i}::${type}[]`);
    return `unnest(${casts.join(", ")}) as u(${this.#columns.map(([name]) => name).join(", ")})`;
  }
}

/** A Postgres array literal: `{1,NULL,"a\"b"}`. */
export function arrayLiteral(cells: readonly Cell[]): string {
  let text = "{";
  for (let i = 0; i < cells.length; i += 1) {
    if (i > 0) text += ",";
    text += cellLiteral(cells[i] ?? null);
  }
  return `${text}}`;
}

/** The same, but null for an empty list, where a row keeps its lists: an empty array takes 16 bytes of each row, and null takes a bit. */
export function listLiteral(cells: readonly Cell[]): string | null {
  return cells.length === 0 ? null : arrayLiteral(cells);
}

const TO_ESCAPE = /["\\]/;

function cellLiteral(cell: Cell): string {
  if (cell === null) return "NULL";
  if (typeof cell === "number") return String(cell);
  return `"${TO_ESCAPE.test(cell) ? cell.replaceAll(/["\\]/g, String.raw`\$&`) : cell}"`;
}
