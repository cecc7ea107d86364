import { useMemo } from "react";
import { type SealKeys, TEXT } from "../seal/openings.ts";
import { useOpenings } from "../seal/use-opened.ts";
import { Button } from "../ui/button.tsx";
import { plainText } from "./ansi.ts";
import type { LineLook } from "./log-row.tsx";
import type { LogLine, Segment } from "./segments.ts";

interface SealedNoteProps {
  readonly segments: readonly Segment[];
  readonly sealKeys: SealKeys;
  readonly q: string;
  readonly pick: LineLook["pick"];
}

/** The cloud cannot search what is sealed: says so, and leads to the lines that this browser has opened. */
export function SealedNote({ segments, sealKeys, q, pick }: SealedNoteProps) {
  const lines = useMemo(() => segments.flatMap((segment) => segment.lines ?? []), [segments]);
  const openings = useOpenings(
    TEXT,
    lines.map(({ text }) => text),
    sealKeys,
  );
  const found = lines.filter((_line, index) => {
    const opening = openings[index];
    return (
      opening !== undefined && "value" in opening && plainText(opening.value).toLowerCase().includes(q.toLowerCase())
    );
  });
  return (
    <p className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      <span className="text-sealed">
        The cloud cannot search sealed lines. Of the {lines.length.toLocaleString("en")} lines that this browser has at
        hand, {found.length.toLocaleString("en")} match; scroll on to open more.
      </span>
      {found.slice(0, MOST_LINKS).map((line: LogLine) => (
        <Button key={`${line.attempt}.${line.number}`} kind="quiet" onClick={() => pick(line)}>
          line {line.number}
        </Button>
      ))}
    </p>
  );
}

const MOST_LINKS = 5;
