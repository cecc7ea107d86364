import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RunLine } from "./runs-list.ts";
import { ROW_PX, RunsRow } from "./runs-row.tsx";

interface RunsTableProps {
  readonly runs: readonly RunLine[];
  readonly chosen: ReadonlySet<string>;
  readonly choose: (id: string, upTo: boolean) => void;
  readonly chooseAll: () => void;
  /** Loads what follows; null: there is nothing more, or it is on its way. */
  readonly more: (() => void) | null;
}

/** The runs that are in sight, and room for the others. */
export function RunsTable({ runs, chosen, choose, chooseAll, more }: RunsTableProps) {
  const place = useRef<HTMLTableSectionElement>(null);
  const [above, setAbove] = useState(0);
  // What stands above the list can change its height: the note of what was done, filters that are opened.
  useLayoutEffect(() => {
    const top = (place.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    if (Math.abs(top - above) > 1) setAbove(top);
  });
  const rows = useWindowVirtualizer({
    count: runs.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: above,
    getItemKey: (index) => runs[index]?.id ?? index,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= runs.length - 10) more?.();
  }, [last, runs.length, more]);
  const before = (items[0]?.start ?? above) - above;
  const after = rows.getTotalSize() - before - items.length * ROW_PX;
  return (
    <table className="w-full table-fixed border-collapse text-left" aria-rowcount={runs.length}>
      <caption className="sr-only">Runs, newest first</caption>
      <Head all={runs.length > 0 && chosen.size >= runs.length} chooseAll={chooseAll} />
      <tbody ref={place}>
        {before > 0 && <Room height={before} />}
        {items.map(({ index, key }) => {
          const run = runs[index];
          return run && <RunsRow key={key} run={run} chosen={chosen.has(run.id)} choose={choose} />;
        })}
        {after > 0 && <Room height={after} />}
      </tbody>
    </table>
  );
}

function Room({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden>
      {/* As many columns as there are in the narrowest place: more would make room for themselves. */}
      <td colSpan={3} style={{ height, padding: 0 }} />
    </tr>
  );
}

function Head({ all, chooseAll }: { readonly all: boolean; readonly chooseAll: () => void }) {
  return (
    <thead className="text-muted">
      <tr className="h-9 border-b border-line">
        <th scope="col" className="w-10 pl-4">
          <input
            type="checkbox"
            aria-label="Choose all that are loaded"
            checked={all}
            onChange={chooseAll}
            className="size-4 align-middle accent-accent"
          />
        </th>
        <th scope="col" className="hidden w-32 px-2 font-medium @2xl:table-cell">
          State
        </th>
        <th scope="col" className="px-2 font-medium">
          Run
        </th>
        <th scope="col" className="hidden w-40 px-2 font-medium @5xl:table-cell">
          Agent
        </th>
        <th scope="col" className="hidden w-32 px-2 font-medium @3xl:table-cell">
          Began
        </th>
        <th scope="col" className="w-24 px-2 pr-4 text-right font-medium">
          Took
        </th>
      </tr>
    </thead>
  );
}
