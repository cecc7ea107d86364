import { SEALED_TEXT_BEGINNING } from "@weir/protocol/sealed-form";
import { isTerminal } from "@weir/protocol/state";
import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState, useSyncExternalStore } from "react";
import type { LogsHeadQuery } from "../generated/operations.ts";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { Problem } from "../ui/problem.tsx";
import { DownloadLines } from "./download-lines.tsx";
import { LogList } from "./log-list.tsx";
import type { LineLook } from "./log-row.tsx";
import { LogScroller } from "./log-scroller.ts";
import { type LogsSearch, placeText, readLogsSearch, readPlace } from "./logs-search.ts";
import { LogsToolbar } from "./logs-toolbar.tsx";
import { SealedNote } from "./sealed-note.tsx";
import { useLogBook, useLogsHead } from "./use-log-book.ts";
import { copyText } from "../ui/clipboard.ts";

interface LogsViewProps {
  readonly runId: string;
  /** Only lines of this task run; the address can then say no other. */
  readonly taskRun?: number;
  /** Its height, as a class. */
  readonly className?: string;
}

/**
 * The log of a run: live, narrowed by what the address says (`LogsSearch`), with a link to each line (`#attempt.number`).
 * A page that shows it reads `readLogsSearch` of its address.
 */
export function LogsView({ runId, taskRun, className = "h-[32rem]" }: LogsViewProps) {
  const { data, error, refetch } = useLogsHead(runId);
  if (error !== null && data === undefined) return <Problem error={error} again={() => void refetch()} />;
  if (data === undefined) return <Loading rows={12} />;
  const run = data.flowRun;
  if (run === null) return <Empty title="There is no such run" />;
  if (run.logExtents === null)
    return <Empty title="Your role may not read log lines">It lacks the permission log:read.</Empty>;
  if (run.logExtents.length === 0) return <NoLines run={run} />;
  return <RunLog run={run} className={className} {...(taskRun !== undefined && { taskRun })} />;
}

function NoLines({ run }: Pick<RunLogProps, "run">) {
  if (run.isForgotten)
    return (
      <Empty title="Its lines are forgotten">
        The run is older than this cloud keeps task runs, logs and artifacts.
      </Empty>
    );
  if (!isTerminal(run.state)) return <Empty title="No lines yet">They appear here while the run goes on.</Empty>;
  return (
    <Empty title="The run wrote no lines" command='run.log.info("fetching the fares of May")'>
      Lines come from <code>run.log</code> and from what tasks print. By the boundary policy of the agent they may have
      stayed on its side.
    </Empty>
  );
}

interface RunLogProps extends Pick<LogsViewProps, "taskRun" | "className"> {
  readonly run: NonNullable<LogsHeadQuery["flowRun"]>;
}

function RunLog({ run, taskRun, className }: RunLogProps) {
  const { search, change, target, pick, copied } = useAddress(taskRun);
  // What is sealed the cloud cannot search: then all lines come, and those that are opened here are searched.
  const [isSeenSealed, setSeenSealed] = useState(false);
  const sealed = isSeenSealed || looksSealed(run);
  const { q, ...narrowed } = search;
  const [book, view] = useLogBook(run, sealed ? narrowed : search, search.attempt);
  if (view.hasSealed && !isSeenSealed) setSeenSealed(true);
  const isOver = isTerminal(run.state);
  const scroller = useMemo(() => new LogScroller(!isOver && target === null), [book]);
  const { follows } = useSyncExternalStore(scroller.subscribe, scroller.shown);
  const look = useMemo<LineLook>(
    () => ({ wrap: search.wrap === true, found: q ?? "", oneTask: search.taskRun !== undefined, pick }),
    [search.wrap, q, search.taskRun, pick],
  );
  const extents = run.logExtents ?? [];
  return (
    <section
      aria-label="Log"
      className={`flex flex-col overflow-hidden rounded-lg border border-line bg-panel ${className}`}
    >
      <LogsToolbar
        search={search}
        change={change}
        attempts={extents.map(({ attempt }) => attempt)}
        isOfTask={taskRun !== undefined}
        follows={follows}
        follow={isOver ? undefined : () => (follows ? scroller.letGo() : scroller.toEnd())}
      >
        <DownloadLines run={run} search={search} />
      </LogsToolbar>
      <p aria-live="polite" className="sr-only">
        {copied === "" ? "" : `The address of line ${copied} is copied.`}
      </p>
      {sealed && <SealedNote segments={view.segments} sealKeys={run.sealKeys} q={q ?? ""} pick={pick} />}
      {view.error !== null && <Problem error={view.error} again={() => book.again()} />}
      <div className="min-h-0 flex-1">
        <LogList
          book={book}
          view={view}
          sealKeys={run.sealKeys}
          target={target}
          look={look}
          scroller={scroller}
          hasAttempts={search.attempt === undefined && extents.length > 1}
        />
      </div>
    </section>
  );
}

/** By its first and last lines: what is searched for is otherwise asked of the cloud, which would find nothing. */
const looksSealed = ({ begin, end }: RunLogProps["run"]): boolean =>
  [...(begin?.nodes ?? []), ...(end?.nodes ?? [])].some(({ text }) => text.startsWith(SEALED_TEXT_BEGINNING));

/** What the address says of the log, and how it is changed. */
function useAddress(taskRun: number | undefined) {
  const given: Record<string, unknown> = useSearch({ strict: false });
  const hash = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  const [copied, setCopied] = useState("");
  const search = useMemo<LogsSearch>(
    () => ({ ...readLogsSearch(given), ...(taskRun !== undefined && { taskRun }) }),
    [given, taskRun],
  );
  const change = useCallback(
    (changed: LogsSearch) => {
      const cleared = { level: undefined, q: undefined, taskRun: undefined, attempt: undefined, wrap: undefined };
      const own = taskRun === undefined ? changed : { ...changed, taskRun: undefined };
      void navigate({
        to: ".",
        search: ((before: object) => ({ ...before, ...cleared, ...own })) as never,
        hash: true,
        replace: true,
        resetScroll: false,
      });
    },
    [navigate, taskRun],
  );
  const pick = useCallback<LineLook["pick"]>(
    (line) => {
      const place = placeText(line);
      void navigate({
        to: ".",
        search: true as never,
        hash: place,
        hashScrollIntoView: false,
        replace: true,
        resetScroll: false,
      }).then(async () =>
        // Where it cannot be copied, the address shows it all the same.
        setCopied((await copyText(location.href)) ? place : ""),
      );
    },
    [navigate],
  );
  const target = useMemo(() => readPlace(hash), [hash]);
  return { search, change, target, pick, copied };
}
