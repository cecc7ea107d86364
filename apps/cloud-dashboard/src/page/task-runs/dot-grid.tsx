import { useVirtualizer } from "@tanstack/react-virtual";
import { STATES } from "@weir/protocol/state";
import { useLayoutEffect, useRef, useState } from "react";
import type { TaskRow } from "../flow-runs/run-store.ts";
import { taskText, useTaskLinks } from "../flow-runs/task-link.tsx";

/** Of a dot and the room around it. */
const DOT_PX = 16;

interface DotGridProps {
  readonly runId: string;
  readonly taskRuns: readonly TaskRow[];
}

/** A dot for each task run in the colour of its state, in rows as wide as there is room. The table below it says the same in words. */
export function DotGrid({ runId, taskRuns }: DotGridProps) {
  const place = useRef<HTMLDivElement>(null);
  const columns = useColumns(place);
  const rows = useVirtualizer({
    count: Math.ceil(taskRuns.length / columns),
    getScrollElement: () => place.current,
    estimateSize: () => DOT_PX,
    overscan: 4,
  });
  return (
    <div ref={place} className="max-h-48 overflow-y-auto px-4 py-2" onClick={useTaskLinks(runId)} aria-hidden>
      <div className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => (
          <div key={key} className="absolute flex" style={{ transform: `translateY(${start}px)` }}>
            {taskRuns.slice(index * columns, (index + 1) * columns).map((taskRun) => (
              <a
                key={taskRun.number}
                href={`/runs/${runId}/tasks/${taskRun.number}`}
                data-task={taskRun.number}
                tabIndex={-1}
                title={`${taskText(taskRun)}: ${taskRun.state}`}
                className="grid place-items-center"
                style={{ width: DOT_PX, height: DOT_PX }}
              >
                <span className="size-3 rounded-xs" style={{ backgroundColor: STATES[taskRun.state].color }} />
              </a>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

/** How many dots fit beside each other. */
function useColumns(place: React.RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(40);
  useLayoutEffect(() => {
    if (place.current === null) return;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setColumns(Math.max(1, Math.floor(entry.contentRect.width / DOT_PX)));
    });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [place]);
  return columns;
}
