import { useEffect, useState } from "react";
import { agoText, durationText, momentText } from "./time-text.ts";
import { useZone } from "./time-zone.ts";

/** The present, told again every so often. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A moment as seen from now; the exact one on pointing at it. */
export function Ago({ at }: { readonly at: string | null | undefined }) {
  const zone = useZone();
  const now = useNow(5_000);
  if (at === null || at === undefined) return <span className="text-muted">–</span>;
  return (
    <time dateTime={at} title={momentText(at, zone)} className="whitespace-nowrap">
      {agoText(now - Date.parse(at))}
    </time>
  );
}

/** A moment with date and time in the zone that the person chose. */
export function Moment({ at }: { readonly at: string | null | undefined }) {
  const zone = useZone();
  if (at === null || at === undefined) return <span className="text-muted">–</span>;
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {momentText(at, zone)}
    </time>
  );
}

interface SpanProps {
  readonly from: string | null | undefined;
  /** Absent: it still goes on. */
  readonly to: string | null | undefined;
}

/** How long something took, or takes as yet. */
export function Span({ from, to }: SpanProps) {
  if (from === null || from === undefined) return <span className="text-muted">–</span>;
  if (to === null || to === undefined) return <Lasting from={from} />;
  return <span className="tabular-nums">{durationText(Date.parse(to) - Date.parse(from))}</span>;
}

/** Of what is over nothing has to be told again: lists are long. */
function Lasting({ from }: { readonly from: string }) {
  return <span className="tabular-nums">{durationText(useNow() - Date.parse(from))}</span>;
}
