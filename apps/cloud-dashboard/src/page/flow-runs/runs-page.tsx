import { useNavigate, useSearch } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../cloud/ask.ts";
import { RunsCount } from "../generated/operations.ts";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { countText } from "../ui/count-text.ts";
import { useZone } from "../ui/time-zone.ts";
import { filterOf } from "./runs-filter.ts";
import { RunsFilters, type RunsFiltersProps } from "./runs-filters.tsx";
import { type Found, RunsFound } from "./runs-found.tsx";
import { useRuns } from "./runs-list.ts";
import type { RunsSearch } from "./runs-search.ts";
import { RunsViewsBar } from "./runs-views-bar.tsx";

/** All runs of the tenant, newest first. */
export function Page() {
  const search = useSearch({ from: "/runs" });
  const navigate = useNavigate({ from: "/runs" });
  const change: RunsFiltersProps["change"] = (part) =>
    void navigate({ search: (before) => ({ ...before, ...part }) as RunsSearch, replace: true });
  const found = useFound(search);
  return (
    <>
      <PageHead title="Runs" about={found === undefined ? "…" : foundText(found)} />
      <RunsViewsBar search={search} />
      <RunsFilters search={search} change={change} />
      <List search={search} found={found} />
    </>
  );
}

function List({ search, found }: { readonly search: RunsSearch; readonly found: Found | undefined }) {
  const { runs, error, refetch, hasNextPage, isFetching, fetchNextPage, isPlaceholderData } = useRuns(search);
  const more = hasNextPage && !isFetching ? () => void fetchNextPage() : null;
  return (
    <>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {runs === undefined && error === null && (
        <Panel flush>
          <Loading rows={12} />
        </Panel>
      )}
      {runs !== undefined && (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? "opacity-60" : ""}>
          <RunsFound
            // What was chosen, and what was held back, is of one search.
            key={JSON.stringify(search)}
            runs={runs}
            found={found}
            isNarrowed={Object.keys(search).length > 0}
            more={more}
          />
        </div>
      )}
    </>
  );
}

/** How many there are, and by which filter they were counted. */
function useFound(search: RunsSearch): Found | undefined {
  const zone = useZone();
  const { data } = useQuery({
    queryKey: [RunsCount.name, search, zone],
    queryFn: async ({ signal }) => {
      const filter = filterOf(search, { now: Date.now(), zone });
      return { filter, ...(await ask(RunsCount, { filter }, { signal })).flowRunCount };
    },
    refetchInterval: 10_000,
  });
  return data;
}

const foundText = ({ count, isMore }: Found) => `${isMore ? "more than " : ""}${countText(count, "run")}`;
