import { memo } from "react";
import { OpeningText } from "../seal/opened.tsx";
import type { Opening } from "../seal/openings.ts";
import { classNames } from "../ui/class-names.ts";
import { useZone } from "../ui/time-zone.ts";
import { clockText, taskColour } from "./line-look.ts";
import { LineText } from "./line-text.tsx";
import { placeText } from "./logs-search.ts";
import type { LogLine } from "./segments.ts";

const LEVEL_LOOKS: Readonly<Record<LogLine["level"], string>> = {
  trace: "text-muted",
  debug: "text-muted",
  info: "text-muted",
  warn: "text-warn",
  error: "text-bad font-semibold",
  fatal: "text-bad font-bold",
};

/** How lines are shown, the same for all. */
export interface LineLook {
  readonly wrap: boolean;
  readonly found: string;
  /** Whose task is not named at each line. */
  readonly oneTask: boolean;
  readonly pick: (line: LogLine) => void;
}

interface LogRowProps extends LineLook {
  readonly line: LogLine;
  readonly opening: Opening<string>;
  readonly isHere: boolean;
}

/** One line: its number, which is a link to it, when, how grave, which task, and what it says. */
export const LogRow = memo(function LogRow({ line, opening, isHere, wrap, found, oneTask, pick }: LogRowProps) {
  return (
    <div
      data-place={placeText(line)}
      aria-current={isHere ? "location" : undefined}
      className={classNames(
        "flex gap-3 px-3 hover:bg-raised",
        isHere && "bg-raised shadow-[inset_3px_0_0_var(--color-accent)]",
      )}
    >
      <LineNumber line={line} pick={pick} />
      <LineTime at={line.at} />
      <span className={classNames("w-11 shrink-0 uppercase", LEVEL_LOOKS[line.level])}>{line.level}</span>
      {!oneTask && <LineTask line={line} />}
      <bdi className={wrap ? "min-w-0 flex-1 break-words whitespace-pre-wrap" : "whitespace-pre"}>
        <OpeningText opening={opening} brief show={(text) => <LineText text={text} found={found} />} />
      </bdi>
    </div>
  );
});

function LineNumber({ line, pick }: Pick<LogRowProps, "line" | "pick">) {
  return (
    <a
      href={`#${placeText(line)}`}
      tabIndex={-1}
      title="A link to this line; pressing it copies its address"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        pick(line);
      }}
      className="w-14 shrink-0 text-right text-muted tabular-nums select-none"
    >
      {line.number}
    </a>
  );
}

function LineTime({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={at} className="hidden shrink-0 text-muted tabular-nums sm:inline">
      {clockText(at, useZone())}
    </time>
  );
}

function LineTask({ line: { task, taskRunNumber, logger } }: Pick<LogRowProps, "line">) {
  const name = task === null ? logger : `${task} #${taskRunNumber}`;
  return (
    <span
      className="hidden w-36 shrink-0 truncate lg:inline"
      title={name}
      style={task === null ? {} : { color: taskColour(task) }}
    >
      {name}
    </span>
  );
}
