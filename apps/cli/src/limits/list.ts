import type { TaskLimit, TaskSlot } from "../connection/answers.ts";
import { allPages, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { runLimitLines } from "./run-limits.ts";
import { cleanLine } from "../terminal/clean.ts";
import { ago } from "../terminal/quantity.ts";
import { type Column, tableLines } from "../terminal/table.ts";

/** `weir limits list` */
export async function list(io: Io, _args: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const read = (page: { first: number; after?: string }) => ({ ...page, first: Math.min(page.first, LIMITS_PER_PAGE) });
  const { limits, runLimits } = await withCloud(io, async (cloud) => ({
    limits: await allPages(async (page) => (await cloud.ask("TaskLimits", read(page))).taskLimits),
    runLimits: await allPages(async (page) => (await cloud.ask("RunLimits", read(page))).runLimits),
  }));
  if (options.json) printDocument(io, { taskLimits: limits, runLimits });
  else for (const text of [...listLines(io, limits, Date.now()), ...runLimitLines(io, runLimits)]) line(io, text);
  return EXIT.ok;
}

/** Each brings up to a hundred task runs along. */
const LIMITS_PER_PAGE = 50;
/** Task runs that are shown of one tag; the rest is a number. */
const SHOWN = 10;

const COLUMNS: Column<TaskLimit>[] = [
  { title: "tag", width: 30, text: ({ tag }) => cleanLine(tag) },
  { title: "slots", width: 6, text: ({ slots }) => String(slots) },
  { title: "held", width: 6, text: ({ held }) => String(held) },
  { title: "waiting", width: 8, text: ({ waiting }) => String(waiting) },
];

function listLines(io: Io, limits: readonly TaskLimit[], now: number): string[] {
  if (limits.length === 0) return ["No tag has a limit. Set one: weir limits set TAG SLOTS"];
  const used = limits.filter(({ taskSlots }) => taskSlots.length > 0);
  return [...tableLines(io, COLUMNS, limits), ...used.flatMap((limit) => useLines(io, limit, now))];
}

function useLines(io: Io, { tag, held, waiting, taskSlots }: TaskLimit, now: number): string[] {
  const shown = taskSlots.slice(0, SHOWN);
  const more = held + waiting - shown.length;
  return [
    "",
    io.paint.dim(cleanLine(tag)),
    ...shown.map((slot) => `  ${slotText(slot, now)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function slotText({ flowRunId, flowRunName, taskRunNumber, task, askedAt, grantedAt }: TaskSlot, now: number): string {
  const since =
    grantedAt === null ? `waits since ${ago(Date.parse(askedAt), now)}` : `since ${ago(Date.parse(grantedAt), now)}`;
  return `${cleanLine(task ?? "task")} (${taskRunNumber}) of ${cleanLine(flowRunName)}, ${since}  ${flowRunId}`;
}
