import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { type Opening, type SealKeys, TEXT } from "../seal/openings.ts";
import { useOpenings } from "../seal/use-opened.ts";
import { Button } from "../ui/button.tsx";
import { plainText } from "./ansi.ts";
import type { LineLook } from "./log-row.tsx";
import { placeText } from "./logs-search.ts";
import type { LogLine, Segment } from "./segments.ts";

interface SealedNoteProps {
  readonly segments: readonly Segment[];
  readonly sealKeys: SealKeys;
  /** What is looked for; "": nothing. */
  readonly q: string;
  readonly pick: LineLook["pick"];
}

/** Above lines that the agent has sealed: the cloud can neither read nor search them, and this browser only what it has opened. */
export function SealedNote({ segments, sealKeys, q, pick }: SealedNoteProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
      {q === "" ? (
        <span className="text-sealed">The agent has sealed these lines; the cloud cannot read them.</span>
      ) : (
        <Found segments={segments} sealKeys={sealKeys} q={q} pick={pick} />
      )}
      <Link to="/browser-keys">Keys of this browser</Link>
    </div>
  );
}

function Found({ segments, sealKeys, q, pick }: SealedNoteProps) {
  const lines = useMemo(() => segments.flatMap((segment) => segment.lines ?? []), [segments]);
  const openings = useOpenings(
    TEXT,
    lines.map(({ text }) => text),
    sealKeys,
  );
  const found = lines.filter((_line, index) => holds(openings[index], q));
  return (
    <>
      <span className="text-sealed">
        The cloud cannot search sealed lines. Of the {lines.length.toLocaleString("en")} that are at hand here,{" "}
        {found.length.toLocaleString("en")} match; scroll on for more.
      </span>
      {found.slice(0, MOST_LINKS).map((line: LogLine) => (
        <Button key={placeText(line)} kind="quiet" onClick={() => pick(line)}>
          line {line.number}
        </Button>
      ))}
    </>
  );
}

const holds = (opening: Opening<string> | undefined, q: string): boolean =>
  opening !== undefined && "value" in opening && plainText(opening.value).toLowerCase().includes(q.toLowerCase());

const MOST_LINKS = 5;
