import { useMemo } from "react";
import { Button } from "../ui/button.tsx";
import { durationText } from "../ui/time-text.ts";
import type { TaskRow } from "./run-store.ts";
import { viewsOfAttempts } from "./timeline-span.ts";
import { type View, zoomed } from "./timeline-view.ts";

interface TimelineBarProps {
  readonly taskRuns: readonly TaskRow[];
  /** Milliseconds since 1970. */
  readonly begin: number;
  readonly length: number;
  readonly view: View;
  readonly setView: (view: View | null) => void;
}

/** What is drawn how, and buttons for what the pointer and keys do too. */
export function TimelineBar({ taskRuns, begin, length, view, setView }: TimelineBarProps) {
  const attempts = useMemo(() => viewsOfAttempts(taskRuns, begin), [taskRuns, begin]);
  const isAll = view.from <= 0 && view.to >= length;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1.5">
      <Legend />
      <div className="ml-auto flex flex-wrap items-center gap-1">
        <span className="text-[13px] text-muted tabular-nums">{durationText(view.to - view.from)} shown</span>
        {[...attempts].map(([attempt, of]) => (
          <Button key={attempt} kind="quiet" onClick={() => setView(of)}>
            Attempt {attempt}
          </Button>
        ))}
        <Button
          kind="quiet"
          aria-label="Zoom out"
          disabled={isAll}
          onClick={() => setView(zoomed(view, 2, 0.5, length))}
        >
          −
        </Button>
        <Button kind="quiet" aria-label="Zoom in" onClick={() => setView(zoomed(view, 0.5, 0.5, length))}>
          +
        </Button>
        <Button kind="quiet" disabled={isAll} onClick={() => setView(null)}>
          All
        </Button>
      </div>
    </div>
  );
}

function Legend() {
  return (
    <ul className="hidden flex-wrap gap-x-4 text-[13px] text-muted sm:flex">
      <li className="flex items-center gap-1.5">
        <span aria-hidden className="h-1 w-5 bg-muted/50" /> waits its turn
      </li>
      <li className="flex items-center gap-1.5">
        <span aria-hidden className="h-3 w-5 rounded-xs bg-accent" /> runs, in the colour of how it went
      </li>
      <li className="flex items-center gap-1.5">
        <span aria-hidden className="h-1 w-5 rounded-full bg-warn" /> waits to be tried again, or for a person
      </li>
    </ul>
  );
}
