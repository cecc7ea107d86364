import { isTerminal } from "@weir/protocol/state";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { ask } from "../cloud/ask.ts";
import { useCloud } from "../cloud/use-cloud.ts";
import { LogLines, LogsHead, type LogsHeadQuery } from "../generated/operations.ts";
import { type AskLines, LogBook, type LogBookView } from "./log-book.ts";
import { levelsFrom, type LogsSearch, readPlace } from "./logs-search.ts";
import { type Answered, SPAN } from "./segments.ts";

/** What lines are narrowed by, beside their attempt. */
export type LogFilter = Pick<LogsSearch, "level" | "q" | "taskRun">;

const ownFilter = ({ level, q, taskRun }: LogFilter) => ({
  levels: levelsFrom(level),
  textContains: q ?? null,
  taskRunNumber: taskRun ?? null,
});

/** Lines of a run between two numbers. @throws Refused */
export async function askLines(
  runId: string,
  filter: LogFilter,
  [attempt, after, before]: readonly [attempt: number, after: number, before: number],
  signal: AbortSignal,
): Promise<Answered> {
  const variables = {
    id: runId,
    after: `${attempt}.${Math.max(0, after)}`,
    before: `${attempt}.${before}`,
    first: 200,
    filter: ownFilter(filter),
  };
  const { flowRun } = await ask(LogLines, variables, { signal });
  const { nodes = [], pageInfo } = flowRun?.logs ?? {};
  const end = pageInfo?.hasNextPage === true ? readPlace(pageInfo.endCursor ?? "") : null;
  return { lines: nodes, next: end?.number ?? null };
}

type Head = NonNullable<LogsHeadQuery["flowRun"]>;

/** Where a run's lines are, asked again and again while it goes on. */
export function useLogsHead(runId: string) {
  return useCloud(
    LogsHead,
    { id: runId },
    { every: (data) => (data?.flowRun != null && isTerminal(data.flowRun.state) ? 15_000 : 1_500) },
  );
}

/** The lines of a run with a filter, as a book that is filled where it is looked at. */
export function useLogBook(
  run: Head,
  { level, q, taskRun }: LogFilter,
  attempt?: number,
): readonly [LogBook, LogBookView] {
  const book = useMemo(() => {
    const filter = {
      ...(level && { level }),
      ...(q !== undefined && { q }),
      ...(taskRun !== undefined && { taskRun }),
    };
    const asked: AskLines = (...[own, after, before, signal]) => askLines(run.id, filter, [own, after, before], signal);
    return new LogBook(asked, Object.keys(filter).length === 0 ? SPAN.all : SPAN.filtered);
  }, [run.id, level, q, taskRun, attempt]);
  useEffect(() => () => book.close(), [book]);
  useEffect(() => {
    book.setExtents((run.logExtents ?? []).filter((extent) => attempt === undefined || extent.attempt === attempt));
  }, [book, run.logExtents, attempt]);
  return [book, useSyncExternalStore(book.subscribe, book.view)];
}
