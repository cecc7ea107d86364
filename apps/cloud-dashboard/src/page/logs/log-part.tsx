import { memo, useEffect, useRef } from "react";
import type { SealKeys } from "../seal/openings.ts";
import { TEXT } from "../seal/openings.ts";
import { useOpenings } from "../seal/use-opened.ts";
import { type LineLook, LogRow } from "./log-row.tsx";
import { placeText } from "./logs-search.ts";
import type { LogLine, Segment } from "./segments.ts";

interface LogPartProps {
  readonly segment: Segment;
  /** A head is shown above it: its attempt begins here, and is not the only one. */
  readonly begins: boolean;
  readonly sealKeys: SealKeys;
  /** The line that the address names; "": none. */
  readonly here: string;
  readonly look: LineLook;
  /** Pixels that it takes while nothing is there. */
  readonly guess: number;
  readonly measure: (key: string, height: number) => void;
}

/** The lines of one span, or the place where they will be. */
export const LogPart = memo(function LogPart({ segment, begins, sealKeys, here, look, guess, measure }: LogPartProps) {
  const place = useHeight(segment.key, measure, segment.lines !== null);
  return (
    <div ref={place}>
      {begins && <AttemptHead attempt={segment.attempt} />}
      {segment.lines === null ? (
        <div style={{ height: guess }} className="px-3 text-muted">
          Looking through the lines from {segment.from.toLocaleString("en")} on…
        </div>
      ) : (
        <Lines lines={segment.lines} sealKeys={sealKeys} here={here} look={look} />
      )}
    </div>
  );
});

function AttemptHead({ attempt }: { readonly attempt: number }) {
  return <div className="border-y border-line bg-raised px-3 py-0.5 font-semibold">Attempt {attempt}</div>;
}

interface LinesProps extends Pick<LogPartProps, "sealKeys" | "here" | "look"> {
  readonly lines: readonly LogLine[];
}

function Lines({ lines, sealKeys, here, look }: LinesProps) {
  const openings = useOpenings(
    TEXT,
    lines.map(({ text }) => text),
    sealKeys,
  );
  return lines.map((line, index) => (
    <LogRow
      key={line.number}
      line={line}
      opening={openings[index] ?? { phase: "plain", value: line.text }}
      isHere={placeText(line) === here}
      {...look}
    />
  ));
}

/** Tells how high an element is, and whenever that changes. */
function useHeight(key: string, measure: LogPartProps["measure"], isThere: boolean) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null || !isThere) return;
    const observer = new ResizeObserver(([entry]) => measure(key, entry?.borderBoxSize[0]?.blockSize ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, [key, measure, isThere]);
  return place;
}
