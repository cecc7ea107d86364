import { isTerminal } from "@weir/protocol/state";
import { useMemo, useRef } from "react";
import type { RunHeadFragment } from "../generated/operations.ts";
import { useNow } from "../ui/time.tsx";
import type { TaskRow } from "./run-store.ts";
import { useTaskLinks } from "./task-link.tsx";
import { TimelineAxis } from "./timeline-axis.tsx";
import { TimelineBar } from "./timeline-bar.tsx";
import { useZoomGestures } from "./timeline-gestures.ts";
import { TimelineList } from "./timeline-list.tsx";
import { familyOf, rowsOf } from "./timeline-rows.ts";
import { spanOf, type TimelineSpan } from "./timeline-span.ts";
import { useTurned } from "./timeline-turned.ts";
import { useZoom } from "./timeline-zoom.ts";

interface TimelineProps {
  readonly run: RunHeadFragment;
  readonly taskRuns: readonly TaskRow[];
}

/** The life of a run's task runs, a line each. */
export function Timeline({ run, taskRuns }: TimelineProps) {
  const isOver = isTerminal(run.state);
  const seconds = useNow(1_000);
  // What is over is drawn once, and not each second.
  const now = isOver ? 0 : seconds;
  const span = useMemo(() => spanOf(run, taskRuns, now), [run, taskRuns, now]);
  if (span === null || taskRuns.length === 0) return <NothingYet isOver={isOver} />;
  return <TimelineLines runId={run.id} taskRuns={taskRuns} span={span} />;
}

function NothingYet({ isOver }: { readonly isOver: boolean }) {
  return (
    <p className="px-4 py-8 text-center text-muted">
      {isOver ? "The run ended before a task of it began." : "No task of the run has begun."}
    </p>
  );
}

interface TimelineLinesProps {
  readonly runId: string;
  readonly taskRuns: readonly TaskRow[];
  readonly span: TimelineSpan;
}

function TimelineLines({ runId, taskRuns, span }: TimelineLinesProps) {
  const length = span.end - span.begin;
  const [view, setView] = useZoom(length);
  const [turned, turn] = useTurned();
  const family = useMemo(() => familyOf(taskRuns), [taskRuns]);
  const rows = useMemo(() => rowsOf(family, turned), [family, turned]);
  const place = useRef<HTMLDivElement>(null);
  const { gestures, selection } = useZoomGestures({ place, view, setView, length });
  return (
    <>
      <TimelineBar taskRuns={taskRuns} begin={span.begin} length={length} view={view} setView={setView} />
      <div
        ref={place}
        role="group"
        aria-label="Timeline. Plus and minus zoom, arrow keys to the left and right move, 0 shows all."
        tabIndex={0}
        className="relative max-h-[70vh] overflow-x-hidden overflow-y-auto overscroll-contain border-t border-line"
        onClick={useTaskLinks(runId)}
        {...gestures}
      >
        <TimelineAxis view={view} begin={span.begin} selection={selection} />
        <TimelineList
          place={place}
          rows={rows}
          runId={runId}
          turn={turn}
          view={view}
          begin={span.begin}
          now={span.end}
        />
      </div>
    </>
  );
}
