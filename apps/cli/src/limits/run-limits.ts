import type { RunLimit } from "../connection/control-answers.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { type Column, tableLines } from "../terminal/table.ts";

/** `weir limits set LABEL SLOTS --runs` */
export async function setForRuns(io: Io, label: string, slots: number, json: boolean | undefined): Promise<ExitCode> {
  const input = { label, slots };
  const { runLimit } = await withCloud(io, (cloud) => cloud.change("SetRunLimit", { input }));
  const held = runLimit === null ? "" : ` ${runLimit.held} are held now, ${runLimit.waiting} wait.`;
  if (json) printDocument(io, { runLimit });
  else line(io, `At most ${slots} runs with the label ${label} are held at once.${held}`);
  return EXIT.ok;
}

/** `weir limits remove LABEL --runs` */
export async function removeForRuns(io: Io, label: string, json: boolean | undefined): Promise<ExitCode> {
  await withCloud(io, (cloud) => cloud.change("DeleteRunLimit", { label }));
  if (json) printDocument(io, { label });
  else line(io, `Runs with the label ${label} are claimed as they come.`);
  return EXIT.ok;
}

const COLUMNS: Column<RunLimit>[] = [
  { title: "label (runs)", width: 30, text: ({ label }) => cleanLine(label) },
  { title: "slots", width: 6, text: ({ slots }) => String(slots) },
  { title: "held", width: 6, text: ({ held }) => String(held) },
  { title: "waiting", width: 8, text: ({ waiting }) => String(waiting) },
];

/** Holders that are shown of one label. */
const SHOWN = 10;

/** The limits on runs, and who holds them; nothing when there are none. */
export function runLimitLines(io: Io, limits: readonly RunLimit[]): string[] {
  if (limits.length === 0) return [];
  return ["", ...tableLines(io, COLUMNS, limits), ...limits.flatMap((limit) => holderLines(io, limit))];
}

function holderLines(io: Io, { label, held, holders }: RunLimit): string[] {
  if (holders.length === 0) return [];
  const shown = holders.slice(0, SHOWN);
  const more = held - shown.length;
  return [
    "",
    io.paint.dim(cleanLine(label)),
    ...shown.map(({ flowRunId, flowRunName, agent }) => {
      const by = agent === null ? "" : ` on ${cleanLine(agent)}`;
      return `  ${cleanLine(flowRunName)}${by}  ${flowRunId}`;
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
