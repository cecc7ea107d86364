import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { readView, type View, viewText } from "./timeline-view.ts";

/** Browsers refuse an address that changes a hundred times in half a minute. */
const PAUSE_MS = 300;

/** What the timeline shows of so many milliseconds, and how to show something else; null: all. It stands in the address once the person pauses. */
export function useZoom(length: number): [View, (view: View | null) => void] {
  const { zoom } = useSearch({ from: "/runs/$runId" });
  const navigate = useNavigate({ from: "/runs/$runId" });
  // Undefined: nobody zooms; the address decides.
  const [wanted, setWanted] = useState<View | null | undefined>(undefined);
  useEffect(() => {
    if (wanted === undefined) return;
    const timer = setTimeout(() => {
      void navigate({
        replace: true,
        resetScroll: false,
        search: ({ zoom: _before, ...others }) => (wanted === null ? others : { ...others, zoom: viewText(wanted) }),
      }).then(() => setWanted(undefined));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted, navigate]);
  const view = wanted === undefined ? readView(zoom) : wanted;
  const isAll = view === null || view === undefined || (view.from <= 0 && view.to >= length);
  return [isAll ? { from: 0, to: length } : view, setWanted];
}
