import { Link } from "@tanstack/react-router";
import type { RunTab } from "./run-search.ts";

interface RunTabsProps {
  readonly runId: string;
  readonly tabs: readonly RunTab[];
  readonly current: RunTab;
  readonly taskRuns: number;
}

/** The parts of a run's page, each with an address of its own. */
export function RunTabs({ runId, tabs, current, taskRuns }: RunTabsProps) {
  return (
    <nav aria-label="Parts of the run" className="mb-4 flex gap-1 overflow-x-auto border-b border-line">
      {tabs.map((tab) => (
        <Link
          key={tab}
          to="/runs/$runId"
          params={{ runId }}
          search={({ tab: _before, ...others }) => (tab === "timeline" ? others : { ...others, tab })}
          resetScroll={false}
          activeProps={{}}
          data-current={tab === current}
          className="border-b-2 border-transparent px-3 py-1.5 whitespace-nowrap text-muted hover:text-ink hover:no-underline data-[current=true]:border-accent data-[current=true]:font-semibold data-[current=true]:text-ink"
        >
          {`${tab.charAt(0).toUpperCase()}${tab.slice(1)}`}
          {tab === "tasks" && taskRuns > 0 && <span className="text-[13px]"> {taskRuns.toLocaleString("en")}</span>}
        </Link>
      ))}
    </nav>
  );
}
