import { Link } from "@tanstack/react-router";
import type { RunsSearch } from "../flow-runs/runs-search.ts";
import { classNames } from "../ui/class-names.ts";

interface TileProps {
  readonly title: string;
  /** Undefined: it is on its way. */
  readonly count: { readonly count: number; readonly isMore: boolean } | undefined;
  /** The same runs in the list. */
  readonly search: RunsSearch;
  /** How it looks where there are some. */
  readonly tone?: "bad" | "warn" | "plain";
}

const TONES = { bad: "text-bad", warn: "text-warn", plain: "" } as const;

/** How many runs are so, and the way to them. */
export function Tile({ title, count, search, tone = "plain" }: TileProps) {
  const some = count !== undefined && count.count > 0;
  return (
    <Link
      to="/runs"
      search={search}
      className="rounded-lg border border-line bg-panel px-4 py-3 text-ink hover:bg-raised hover:no-underline"
    >
      <span className="block text-[13px] text-muted">{title}</span>
      <span className={classNames("block text-2xl font-semibold tabular-nums", some && TONES[tone])}>
        {count === undefined ? "–" : count.count.toLocaleString("en")}
        {count?.isMore === true && "+"}
      </span>
    </Link>
  );
}
