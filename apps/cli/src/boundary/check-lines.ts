import type { Io } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { count } from "../terminal/quantity.ts";
import { tableLines } from "../terminal/table.ts";
import { wrap } from "../terminal/width.ts";
import type { Checked } from "./check.ts";
import type { ClassRow } from "./decisions.ts";

/** What a person reads of a check. */
export function checkLines(io: Io, checked: Checked): string[] {
  const { policy, flows, problems, notes } = checked;
  const contradicted = flows?.flatMap(({ contradictions }) => contradictions) ?? [];
  const wrong = [...contradicted, ...(contradicted.length > 0 ? [] : problems)];
  return [
    policy.source === null
      ? "There is no weir.boundary.yaml here, so the defaults hold. Make one: weir boundary init"
      : `${policy.source} is a policy. It has ${factsOf(checked).join(", ")}.`,
    "",
    ...(flows === null ? policyLines(io, checked) : flows.flatMap((flow) => flowLines(io, flow, checked))),
    ...notes.flatMap((note) => told(io, "!", cleanLine(note)).map((text) => io.paint.yellow(text))),
    ...(wrong.length === 0
      ? [`${io.paint.green("✓")} ${flows === null ? "The file is whole" : "Nothing contradicts it"}.`]
      : wrong.flatMap((sentence) => told(io, "✗", cleanLine(sentence)).map((text) => io.paint.red(text)))),
  ];
}

function factsOf({ policy }: Checked): string[] {
  const { entries = [], recipients, trustedSigners, redaction } = policy;
  return [
    count(Math.max(0, entries.length - 1), "override"),
    count(recipients.length, "recipient"),
    count(trustedSigners.length, "trusted signer"),
    count(redaction.patterns.length, "pattern"),
  ];
}

function told(io: Io, mark: string, sentence: string): string[] {
  return wrap(sentence, io.columns - 2).map((text, index) => `${index === 0 ? mark : " "} ${text}`);
}

function policyLines(io: Io, { classes }: Checked): string[] {
  return [...tableOf(io, classes), ""];
}

function flowLines(io: Io, flow: NonNullable<Checked["flows"]>[number], { project }: Checked): string[] {
  const tasks = flow.tasks.flatMap(({ task, classes }) => [
    "",
    io.paint.dim(`  task ${cleanLine(task)}, where it differs`),
    ...tableOf(io, classes),
  ]);
  return [
    `${io.paint.bold(cleanLine(flow.flow))}  in project ${cleanLine(project)}`,
    ...tableOf(io, flow.classes),
    ...tasks,
    "",
  ];
}

function tableOf(io: Io, rows: readonly ClassRow[]): string[] {
  const columns = [
    { title: "class", width: 12, text: (row: ClassRow) => row.class },
    { title: "what is done", width: 14, text: (row: ClassRow) => row.action },
    { title: "why", width: 60, text: reasonText },
  ];
  return tableLines(io, columns, rows).map((text) => `  ${text}`);
}

function reasonText({ entry, line }: ClassRow): string {
  if (entry === null) return "the default";
  if (entry === "boundary") return "the flow's own option boundary";
  return `line ${line ?? "?"}: ${entry}`;
}
