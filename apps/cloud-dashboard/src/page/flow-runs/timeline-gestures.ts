import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { moved, type View, zoomed } from "./timeline-view.ts";

interface Zoomable {
  /** Holds an element `[data-lane]` that is as wide as what is drawn. */
  readonly place: RefObject<HTMLElement | null>;
  readonly view: View;
  readonly setView: (view: View | null) => void;
  readonly length: number;
}

/** Pixels; who moves less has clicked. */
const LEAST_DRAG = 5;

/** Zooms by drag over what is to be shown, by the wheel with Control, and by keys. */
export function useZoomGestures({ place, view, setView, length }: Zoomable) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  useWheel({ place, view, setView, length });
  const shareOf = (clientX: number) => shareIn(place.current, clientX);
  const selection = drag && viewOf(drag, view);
  const finish = () => {
    if (selection && isDrag(place.current, drag)) setView(selection);
    setDrag(null);
  };
  const gestures = {
    onPointerDown: (event: PointerEvent) => {
      const share = shareOf(event.clientX);
      if (event.button === 0 && event.pointerType !== "touch" && share >= 0 && share <= 1)
        setDrag({ from: share, to: share });
    },
    onPointerMove: ({ clientX }: PointerEvent) => drag && setDrag({ ...drag, to: shareOf(clientX) }),
    onPointerUp: finish,
    onPointerLeave: finish,
    onKeyDown: (event: KeyboardEvent) => {
      const wanted = viewOfKey(event.key, view, length);
      if (wanted === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      setView(wanted);
    },
  };
  return { gestures, selection: isDrag(place.current, drag) ? selection : null };
}

/** Undefined: the key is none of the timeline's. Null: all. */
function viewOfKey(key: string, view: View, length: number): View | null | undefined {
  if (key === "+" || key === "=") return zoomed(view, 0.5, 0.5, length);
  if (key === "-") return zoomed(view, 2, 0.5, length);
  if (key === "ArrowLeft") return moved(view, -0.25, length);
  if (key === "ArrowRight") return moved(view, 0.25, length);
  return key === "0" ? null : undefined;
}

function laneIn(place: HTMLElement | null): DOMRect | undefined {
  return place?.querySelector("[data-lane]")?.getBoundingClientRect();
}

/** Where a pixel lies in what is drawn: 0 at its left, 1 at its right. */
function shareIn(place: HTMLElement | null, clientX: number): number {
  const lane = laneIn(place);
  return lane === undefined ? -1 : (clientX - lane.left) / lane.width;
}

function isDrag(place: HTMLElement | null, drag: { readonly from: number; readonly to: number } | null): boolean {
  return drag !== null && Math.abs(drag.to - drag.from) * (laneIn(place)?.width ?? 0) >= LEAST_DRAG;
}

function viewOf({ from, to }: { readonly from: number; readonly to: number }, view: View): View {
  const at = (share: number) => view.from + Math.min(1, Math.max(0, share)) * (view.to - view.from);
  return { from: at(Math.min(from, to)), to: Math.max(at(Math.max(from, to)), at(Math.min(from, to)) + 1) };
}

/** React listens to wheels passively, so that it could not keep the browser from zooming the whole page. */
function useWheel({ place, view, setView, length }: Zoomable): void {
  const latest = useRef({ view, setView, length });
  useEffect(() => {
    latest.current = { view, setView, length };
  });
  useEffect(() => {
    const element = place.current;
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey || element === null) return;
      event.preventDefault();
      const now = latest.current;
      const share = Math.min(1, Math.max(0, shareIn(element, event.clientX)));
      now.setView(zoomed(now.view, 1.002 ** event.deltaY, share, now.length));
    };
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, [place]);
}
