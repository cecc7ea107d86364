import { columnClass, DATA_CLASSES, type DataClass } from "@weir/protocol";
import type { Holding, RegisteredFlow } from "../connection/answers.ts";
import type { Io } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { count } from "../terminal/quantity.ts";
import { fit, pad, wrap } from "../terminal/width.ts";
import { columnsOf, commonStart, distinctValues, formsOf, summarize } from "./column-summary.ts";

const TABLE = 18;
const CLASS = 11;
/** Where the text beside a class begins. */
const INDENT = 4 + CLASS + 2;
/** Different forms of a user-data column that are shown; the count of the others follows. */
const MOST_FORMS = 12;

/** Everything that the cloud holds about a run: each table with all its columns, what users wrote apart from metadata. */
export function holdingLines(io: Io, holdings: readonly Holding[]): string[] {
  return holdings.flatMap((holding) => [
    tableLine(io, holding.table, count(holding.rows, "row")),
    ...metadataLines(io, holding),
    ...userDataLines(io, holding),
  ]);
}

function tableLine(io: Io, table: string, remark: string): string {
  return `  ${io.paint.bold(pad(table, TABLE))}${io.paint.dim(remark)}`;
}

function metadataLines(io: Io, { table, sample }: Holding): string[] {
  const columns = columnsOf(sample).filter((column) => columnClass(table, column) === "metadata");
  const summaries = columns.map((column) => summarize(sample, column));
  const filled = summaries.flatMap(({ column, text }) =>
    text === null ? [] : [`${column} ${fit(cleanLine(text), 40)}`],
  );
  const empty = summaries.filter(({ text }) => text === null).map(({ column }) => column);
  const parts = [...filled, ...(empty.length === 0 ? [] : [`(empty: ${empty.join(", ")})`])];
  return labelled(io, "metadata", packed(parts, io.columns - INDENT));
}

function userDataLines(io: Io, { table, sample }: Holding): string[] {
  const columns = columnsOf(sample).filter((column) => columnClass(table, column) !== "metadata");
  const filled = columns.filter((column) => distinctValues(sample, column).length > 0);
  const empty = columns.filter((column) => !filled.includes(column));
  return [
    ...filled.flatMap((column) =>
      labelled(io, columnClass(table, column), valueLines(column, distinctValues(sample, column), io.columns - INDENT)),
    ),
    ...empty.flatMap((column) => labelled(io, columnClass(table, column), [io.paint.dim(`${column}: nothing`)])),
  ];
}

/** The different values of a column; what they all begin with is said once. */
function valueLines(column: string, values: readonly string[], room: number): string[] {
  const start = commonStart(values);
  const forms = formsOf(values.map((value) => value.slice(start.length)));
  const shown = forms.slice(0, MOST_FORMS).map(({ example, alike }) => formText(example, alike));
  const more = forms.length > shown.length ? [`… and ${forms.length - shown.length} others`] : [];
  const [first = "", ...others] = [...shown, ...more];
  if (start !== "") return [...wrapped(`${column}: all below ${start}`, room), ...packed([first, ...others], room)];
  return [`${column}: ${first}`, ...others].flatMap((text) => wrapped(text, room));
}

function formText(example: string, alike: number): string {
  return alike === 1 ? example : `${example} and ${alike - 1} more that differ in numbers only`;
}

/** At most four lines of one value: a long text is recognised by its beginning. */
function wrapped(text: string, room: number): string[] {
  const lines = wrap(cleanLine(text), room);
  const kept = lines.slice(0, 4);
  return lines.length > kept.length ? [...kept.slice(0, -1), fit(`${kept.at(-1) ?? ""} …`, room)] : kept;
}

/** Puts parts beside each other, as many as fit on a line. */
function packed(parts: readonly string[], room: number): string[] {
  const lines: string[] = [];
  for (const part of parts.map(cleanLine)) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last} · ${part}`;
    if (last !== undefined && joined.length <= room) lines[lines.length - 1] = joined;
    else lines.push(...wrap(part, room));
  }
  return lines;
}

function labelled(io: Io, dataClass: DataClass, lines: readonly string[]): string[] {
  const { dim, yellow } = io.paint;
  const label = dataClass === "metadata" ? dim(pad(dataClass, CLASS)) : yellow(pad(dataClass, CLASS));
  return lines.map((text, index) => {
    const head = index === 0 ? label : " ".repeat(CLASS);
    return `    ${head}  ${dataClass === "metadata" ? dim(text) : text}`;
  });
}

/** What was registered of the flow: once per version, not per run. */
export function registrationLines(io: Io, flow: RegisteredFlow): string[] {
  const version = flow.currentVersion;
  if (version === null) return [];
  const storage = version.storage as { directory?: string; entry?: string; files?: readonly unknown[] };
  const tasks = (Array.isArray(version.tasks) ? version.tasks : []) as readonly { name?: string }[];
  const names = tasks.map(({ name }) => name).join(", ");
  const room = io.columns - INDENT;
  const facts = `flow ${flow.name}, version ${version.number}; tasks ${names}; names and types of its parameters`;
  const code = `${storage.directory}/${storage.entry}; SHA-256 of ${storage.files?.length ?? 0} files, never their text`;
  return [
    tableLine(io, "flow_versions", "registered once, not with each run"),
    ...labelled(io, "metadata", wrapped(facts, room)),
    ...labelled(io, "config", wrapped(code, room)),
    ...labelled(io, "parameter", wrapped(`defaults ${JSON.stringify(version.parameterDefaults ?? {})}`, room)),
  ];
}

/** What each class means that appeared. */
export function classLegend(io: Io, holdings: readonly Holding[]): string[] {
  const seen = new Set<DataClass>(["metadata", "config"]);
  for (const { table, sample } of holdings)
    for (const column of columnsOf(sample))
      if (distinctValues(sample, column).length > 0) seen.add(columnClass(table, column));
  const listed = (Object.keys(DATA_CLASSES) as DataClass[]).filter((dataClass) => seen.has(dataClass));
  return listed.flatMap((dataClass) =>
    wrap(DATA_CLASSES[dataClass], io.columns - INDENT).map((text, index) =>
      io.paint.dim(`    ${pad(index === 0 ? dataClass : "", CLASS)}  ${text}`),
    ),
  );
}
