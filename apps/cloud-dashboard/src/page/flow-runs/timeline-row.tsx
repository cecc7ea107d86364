import { isFailed, isFinished, STATES } from "@weir/protocol/state";
import { ChevronDown, ChevronRight } from "lucide-react";
import { memo } from "react";
import { StateDot } from "../ui/state-badge.tsx";
import { durationText } from "../ui/time-text.ts";
import type { TaskRow } from "./run-store.ts";
import { TaskLink } from "./task-link.tsx";
import { type Below, stateOfBelow } from "./timeline-rows.ts";
import { type Segment, segmentsOf, spentIn } from "./timeline-segments.ts";
import { placeIn, type View } from "./timeline-view.ts";

/** All lines are as tall. */
export const LINE_PX = 28;

interface TimelineLineProps {
  readonly runId: string;
  readonly taskRun: TaskRow;
  readonly depth: number;
  readonly below: Below | null;
  readonly isOpen: boolean;
  readonly turn: (number: number) => void;
  readonly view: View;
  /** Milliseconds since 1970 at which the timeline begins. */
  readonly begin: number;
  /** Until when what goes on is drawn. */
  readonly now: number;
}

/** A task run, or a mapped one with all that is below it: what it is called, its life in time, how long it took. */
export const TimelineLine = memo(function TimelineLine(props: TimelineLineProps) {
  const { below, begin, isOpen, now, taskRun, view } = props;
  const segments = segmentsOf(taskRun, now);
  return (
    <div className="flex h-full items-center border-b border-line/60 hover:bg-raised">
      <Label {...props} />
      <div className="relative h-full min-w-0 flex-1 overflow-hidden">
        {below !== null && !isOpen && <Envelope below={below} begin={begin} now={now} view={view} />}
        {segments.map((segment) => (
          <Bar key={`${segment.from} ${segment.kind}`} segment={segment} begin={begin} view={view} />
        ))}
      </div>
      <Numbers taskRun={taskRun} segments={segments} below={below} now={now} />
    </div>
  );
});

function Label({ runId, taskRun, depth, below, isOpen, turn }: TimelineLineProps) {
  return (
    <div
      className="flex w-32 shrink-0 items-center gap-1.5 truncate pr-2 md:w-64"
      style={{ paddingLeft: 4 + depth * 12 }}
    >
      {below === null ? (
        <span className="w-5 shrink-0" />
      ) : (
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={`${isOpen ? "Fold" : "Open"} ${taskRun.task}`}
          onClick={() => turn(taskRun.number)}
          className="w-5 shrink-0 text-muted hover:text-ink"
        >
          {isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
        </button>
      )}
      <StateDot state={below === null ? taskRun.state : stateOfBelow(below)} />
      <span className="sr-only">{taskRun.state}</span>
      <TaskLink runId={runId} taskRun={taskRun} />
      {below !== null && <span className="text-[13px] text-muted">×{below.count}</span>}
    </div>
  );
}

const LOOKS = {
  run: "h-4 rounded-xs",
  queue: "h-1 bg-muted/50",
  wait: "h-1 rounded-full",
  pause: "h-1 rounded-full",
} as const;

function Bar({ segment, begin, view }: { readonly segment: Segment; readonly begin: number; readonly view: View }) {
  const place = placeIn(view, segment.from - begin, segment.to - begin);
  if (place === null) return null;
  return (
    <div
      title={segmentText(segment)}
      className={`absolute top-1/2 min-w-[2px] -translate-y-1/2 ${LOOKS[segment.kind]}`}
      style={{
        left: `${place.left}%`,
        width: `${place.width}%`,
        ...(segment.kind === "queue" ? {} : { backgroundColor: STATES[segment.state].color }),
      }}
    />
  );
}

const KIND_TEXTS = { run: "ran", queue: "waited its turn", wait: "waited", pause: "waited for a person" } as const;

function segmentText({ attempt, from, kind, state, to, tryNumber }: Segment): string {
  const which = kind === "run" ? `, try ${tryNumber}` : "";
  return `${state}: ${KIND_TEXTS[kind]} ${durationText(to - from)}${which}, attempt ${attempt}`;
}

interface EnvelopeProps {
  readonly below: Below;
  readonly begin: number;
  readonly now: number;
  readonly view: View;
}

/** From when to when what is folded was, and how far it is. */
function Envelope({ below, begin, now, view }: EnvelopeProps) {
  if (below.from === null) return null;
  const place = placeIn(view, Date.parse(below.from) - begin, (below.to ? Date.parse(below.to) : now) - begin);
  if (place === null) return null;
  const tally = [...below.byState];
  return (
    <div
      title={tally.map(([state, count]) => `${count} ${state}`).join(", ")}
      className="absolute top-1/2 flex h-4 min-w-[2px] -translate-y-1/2 overflow-hidden rounded-xs opacity-60"
      style={{ left: `${place.left}%`, width: `${place.width}%` }}
    >
      {tally.map(([state, count]) => (
        <span key={state} style={{ flexGrow: count, backgroundColor: STATES[state].color }} />
      ))}
    </div>
  );
}

interface NumbersProps {
  readonly taskRun: TaskRow;
  readonly segments: readonly Segment[];
  readonly below: Below | null;
  readonly now: number;
}

/** How long it took; of what is folded how much is over; and the word for what did not go well. */
function Numbers({ taskRun: { state }, segments, below, now }: NumbersProps) {
  return (
    <div className="flex w-16 shrink-0 justify-end gap-2 truncate pr-2 pl-1 text-[13px] tabular-nums md:w-44 md:pr-3">
      {below === null ? (
        <>
          {state !== "Success" && (
            <span className={`hidden truncate md:inline ${isFailed(state) ? "text-bad" : "text-muted"}`}>{state}</span>
          )}
          <span>{durationText(spentIn(segments, "run"))}</span>
        </>
      ) : (
        <BelowNumbers below={below} now={now} />
      )}
    </div>
  );
}

function BelowNumbers({ below, now }: { readonly below: Below; readonly now: number }) {
  const count = (is: typeof isFailed) =>
    [...below.byState].reduce((sum, [state, many]) => (is(state) ? sum + many : sum), 0);
  const failed = count(isFailed);
  const over = count(isFinished);
  const took = below.from === null ? 0 : (below.to ? Date.parse(below.to) : now) - Date.parse(below.from);
  return (
    <>
      {failed > 0 && <span className="hidden text-bad md:inline">{failed} failed</span>}
      {over < below.count && (
        <span className="hidden text-muted md:inline">
          {over}/{below.count}
        </span>
      )}
      <span>{durationText(took)}</span>
    </>
  );
}
