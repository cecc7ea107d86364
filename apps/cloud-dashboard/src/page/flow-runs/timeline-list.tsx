import { useVirtualizer } from "@tanstack/react-virtual";
import type { RefObject } from "react";
import { LINE_PX, TimelineLine } from "./timeline-row.tsx";
import type { TimelineRow } from "./timeline-rows.ts";
import type { View } from "./timeline-view.ts";

interface TimelineListProps {
  /** What scrolls. */
  readonly place: RefObject<HTMLElement | null>;
  readonly rows: readonly TimelineRow[];
  readonly runId: string;
  readonly turn: (number: number) => void;
  readonly view: View;
  /** Milliseconds since 1970. */
  readonly begin: number;
  /** Until when what goes on is drawn. */
  readonly now: number;
}

/** The lines that are in sight. Apart from what is around it, since scrolling draws it again and nothing else. */
export function TimelineList({ place, rows, ...shared }: TimelineListProps) {
  const lines = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => LINE_PX,
    overscan: 10,
    getItemKey: (index) => rows[index]?.taskRun.number ?? index,
    // The browser moves what is there; what comes into sight may come a frame later.
    useFlushSync: false,
  });
  return (
    <div role="list" className="relative" style={{ height: lines.getTotalSize() }}>
      {lines.getVirtualItems().map(({ index, key, start }) => {
        const row = rows[index];
        return (
          row && (
            <div
              key={key}
              role="listitem"
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0 [contain:strict]"
              style={{ height: LINE_PX, transform: `translateY(${start}px)` }}
            >
              <TimelineLine {...row} {...shared} />
            </div>
          )
        );
      })}
    </div>
  );
}
