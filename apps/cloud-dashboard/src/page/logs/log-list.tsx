import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { SealKeys } from "../seal/openings.ts";
import { classNames } from "../ui/class-names.ts";
import type { LogBook, LogBookView } from "./log-book.ts";
import { LogPart } from "./log-part.tsx";
import type { LineLook } from "./log-row.tsx";
import type { LogScroller } from "./log-scroller.ts";
import { type LinePlace, placeText } from "./logs-search.ts";
import { heightGuess } from "./guess-height.ts";
import { indexOfPlace } from "./segments.ts";

interface LogListProps {
  readonly book: LogBook;
  readonly view: LogBookView;
  readonly sealKeys: SealKeys;
  /** The line that the address names. */
  readonly target: LinePlace | null;
  readonly look: LineLook;
  readonly scroller: LogScroller;
  /** Lines are of more than one attempt. */
  readonly hasAttempts: boolean;
}

/** Lines of a run, of which only those are drawn that are seen. */
export function LogList({ book, view, sealKeys, target, look, scroller, hasAttempts }: LogListProps) {
  const { segments } = view;
  const box = useRef<HTMLDivElement>(null);
  const shown = useSyncExternalStore(scroller.subscribe, scroller.shown);
  const guess = useMemo(() => heightGuess(segments), [segments]);
  const measure = useCallback((key: string, height: number) => scroller.measure([[key, height]]), [scroller]);
  useBox(box, scroller);
  useLayoutEffect(() => scroller.set(segments, guess), [scroller, segments, guess]);
  useLayoutEffect(() => {
    const top = scroller.takeScroll();
    if (top !== null && box.current !== null) box.current.scrollTop = top;
  }, [scroller, shown]);
  useEffect(() => book.want(shown.parts.map(({ key }) => key)), [book, shown]);
  useTarget(target, view, scroller, box);
  const here = target === null ? "" : placeText(target);
  const isNone = segments.length > 0 && segments.every(({ lines }) => lines?.length === 0);
  return (
    <div
      ref={box}
      role="log"
      aria-live="off"
      aria-label="Log lines"
      tabIndex={0}
      onScroll={() => scroller.scrolled()}
      className="relative h-full overflow-auto bg-panel font-mono text-[13px] leading-[18px] [overflow-anchor:none]"
    >
      {isNone && <p className="p-4 text-center font-sans text-sm text-muted">No line is like that.</p>}
      <div style={{ height: shown.height }} className="relative w-full">
        {shown.parts.map(({ index, key, top }) => {
          const segment = segments[index];
          if (segment === undefined || segment.key !== key) return null;
          const begins = hasAttempts && segments[index - 1]?.attempt !== segment.attempt;
          return (
            <div
              key={key}
              style={{ transform: `translateY(${top}px)` }}
              className={classNames("absolute top-0 left-0 min-w-full", look.wrap ? "w-full" : "w-max")}
            >
              <LogPart
                segment={segment}
                begins={begins}
                sealKeys={sealKeys}
                here={here}
                look={look}
                guess={guess(index)}
                measure={measure}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function useBox(box: React.RefObject<HTMLDivElement | null>, scroller: LogScroller): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    scroller.attach(element);
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      // Lines may be broken otherwise.
      if (element.clientWidth === width) scroller.attach(element);
      else scroller.remeasure();
      width = element.clientWidth;
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      scroller.attach(null);
    };
  }, [box, scroller]);
}

/** Brings the line that the address names into view: first its span, and the line itself once it is there. */
function useTarget(
  target: LinePlace | null,
  { segments }: LogBookView,
  scroller: LogScroller,
  box: React.RefObject<HTMLDivElement | null>,
): void {
  const wanted = target === null ? "" : placeText(target);
  const segment = useMemo(
    () => (target === null ? undefined : segments[indexOfPlace(segments, target)]),
    [segments, target],
  );
  const shownTo = useRef("");
  useEffect(() => {
    if (segment === undefined || shownTo.current === wanted) return;
    const line = box.current?.querySelector<HTMLElement>(`[data-place="${wanted}"]`);
    const within = line?.offsetTop ?? 0;
    scroller.toPart(segment.key, within - (box.current?.clientHeight ?? 0) / 3);
    if (line != null || segment.lines !== null) shownTo.current = line == null ? "" : wanted;
  });
  useEffect(() => {
    shownTo.current = "";
  }, [wanted]);
}
