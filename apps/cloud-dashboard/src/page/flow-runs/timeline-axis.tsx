import { durationText } from "../ui/time-text.ts";
import { momentText } from "../ui/time-text.ts";
import { useZone } from "../ui/time-zone.ts";
import { placeIn, ticksOf, type View } from "./timeline-view.ts";

interface TimelineAxisProps {
  readonly view: View;
  /** Milliseconds since 1970. */
  readonly begin: number;
  /** What is being chosen to be shown. */
  readonly selection: View | null;
}

/** Above the lines: how long after the beginning each place is. */
export function TimelineAxis({ view, begin, selection }: TimelineAxisProps) {
  const zone = useZone();
  const chosen = selection && placeIn(view, selection.from, selection.to);
  return (
    <div className="sticky top-0 z-10 flex h-7 border-b border-line bg-panel text-[12px] text-muted select-none">
      <div className="w-32 shrink-0 md:w-64" />
      <div data-lane className="relative min-w-0 flex-1 cursor-col-resize" aria-hidden>
        {ticksOf(view, 5).map((tick) => (
          <Tick key={tick} tick={tick} view={view} title={momentText(new Date(begin + tick).toISOString(), zone)} />
        ))}
        {chosen && (
          <div
            className="absolute top-0 h-[70vh] border-x border-accent bg-accent/15"
            style={{ left: `${chosen.left}%`, width: `${chosen.width}%` }}
          />
        )}
      </div>
      <div className="w-16 shrink-0 md:w-44" />
    </div>
  );
}

interface TickProps {
  readonly tick: number;
  readonly view: View;
  readonly title: string;
}

function Tick({ tick, view, title }: TickProps) {
  const place = placeIn(view, tick, tick);
  return (
    <span
      title={title}
      className="absolute bottom-0 border-l border-line pl-1 leading-7 whitespace-nowrap"
      style={{ left: `${place?.left ?? 0}%` }}
    >
      {tick === 0 ? "0" : durationText(tick)}
    </span>
  );
}
