import { ArrowDownToLine, WrapText, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { LEVELS, type Level, type LogsSearch } from "./logs-search.ts";

const LOOK = "min-h-8 rounded-md border border-line bg-ground px-2 py-1";

interface LogsToolbarProps {
  readonly search: LogsSearch;
  readonly change: (search: LogsSearch) => void;
  readonly attempts: readonly number[];
  /** All lines are of one task run, whatever the address says. */
  readonly isOfTask: boolean;
  readonly follows: boolean;
  /** Undefined: there is nothing to follow. */
  readonly follow: (() => void) | undefined;
  /** What else can be done with the lines. */
  readonly children: ReactNode;
}

/** What lines are narrowed by, and how they are shown. */
export function LogsToolbar({ search, change, attempts, isOfTask, follows, follow, children }: LogsToolbarProps) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      <SearchBox value={search.q ?? ""} change={(q) => change(withValue(search, "q", q === "" ? undefined : q))} />
      <LevelChoice search={search} change={change} />
      {attempts.length > 1 && <AttemptChoice search={search} change={change} attempts={attempts} />}
      {search.taskRun !== undefined && !isOfTask && (
        <Button
          onClick={() => change(withValue(search, "taskRun", undefined))}
          aria-description="Shows the lines of all tasks"
        >
          task run #{search.taskRun} <X size={14} aria-hidden />
        </Button>
      )}
      <Button
        aria-pressed={search.wrap === true}
        className={classNames(search.wrap === true && "bg-raised")}
        onClick={() => change(withValue(search, "wrap", search.wrap === true ? undefined : true))}
      >
        <WrapText size={15} aria-hidden /> Wrap
      </Button>
      {follow !== undefined && (
        <Button aria-pressed={follows} className={classNames(follows && "bg-raised")} onClick={follow}>
          <ArrowDownToLine size={15} aria-hidden /> Follow
        </Button>
      )}
      {children}
    </div>
  );
}

function withValue<Key extends keyof LogsSearch>(
  search: LogsSearch,
  key: Key,
  value: LogsSearch[Key] | undefined,
): LogsSearch {
  const { [key]: _before, ...others } = search;
  return value === undefined ? others : { ...others, [key]: value };
}

/** Milliseconds after the last key until it is searched for. */
const PAUSE = 350;

function SearchBox({ value, change }: { readonly value: string; readonly change: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => change(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed, value, change]);
  return (
    <input
      type="search"
      aria-label="Search the lines"
      placeholder="Search"
      value={typed}
      maxLength={200}
      onChange={(event) => setTyped(event.target.value)}
      className={classNames(LOOK, "w-40 min-w-32 flex-1 sm:max-w-64")}
    />
  );
}

type Narrowing = Pick<LogsToolbarProps, "search" | "change">;

function LevelChoice({ search, change }: Narrowing) {
  return (
    <select
      aria-label="Least level"
      className={LOOK}
      value={search.level ?? "trace"}
      onChange={({ target }) =>
        change(withValue(search, "level", target.value === "trace" ? undefined : (target.value as Level)))
      }
    >
      {LEVELS.map((level) => (
        <option key={level} value={level}>
          {level === "trace" ? "all levels" : level === "fatal" ? "fatal" : `${level} and above`}
        </option>
      ))}
    </select>
  );
}

function AttemptChoice({ search, change, attempts }: Narrowing & Pick<LogsToolbarProps, "attempts">) {
  return (
    <select
      aria-label="Attempt"
      className={LOOK}
      value={search.attempt ?? ""}
      onChange={({ target }) =>
        change(withValue(search, "attempt", target.value === "" ? undefined : Number(target.value)))
      }
    >
      <option value="">all attempts</option>
      {attempts.map((attempt) => (
        <option key={attempt} value={attempt}>
          attempt {attempt}
        </option>
      ))}
    </select>
  );
}
