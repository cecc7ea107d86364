import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ask } from "../cloud/ask.ts";
import { RunsPage, type RunsPageQuery } from "../generated/operations.ts";
import { useZone } from "../ui/time-zone.ts";
import { filterOf } from "./runs-filter.ts";
import type { RunsSearch } from "./runs-search.ts";

/** A run as a list shows it. */
export type RunLine = RunsPageQuery["flowRuns"]["nodes"][number];

const PAGE = 50;
const EVERY_MS = 3_000;

/** The runs that a search finds, newest first, as far as somebody has scrolled. */
export function useRuns(search: RunsSearch) {
  const zone = useZone();
  const query = useInfiniteQuery({
    queryKey: [RunsPage.name, search, zone],
    // The filter is made anew each time: "the last hour" ends now.
    queryFn: ({ pageParam, signal }) =>
      ask(RunsPage, { filter: filterOf(search, { now: Date.now(), zone }), first: PAGE, after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ flowRuns: { pageInfo } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
    // All pages that are shown are asked for again: each costs the cloud one look per three seconds, however many they are.
    refetchInterval: ({ state }) => EVERY_MS * Math.max(1, state.data?.pages.length ?? 1),
    placeholderData: keepPreviousData,
  });
  const runs = useMemo(() => query.data?.pages.flatMap(({ flowRuns }) => flowRuns.nodes), [query.data]);
  return { ...query, runs };
}

/**
 * What is shown of a list that grows at its head while somebody reads further down, and how many came since.
 * @param top id of the run that stood first when the person left the head of the list; null: they are there
 */
export function heldList<Run extends { readonly id: string }>(runs: readonly Run[], top: string | null) {
  // Ids grow with time, and the list is in their order.
  const fresh = top === null ? 0 : runs.filter(({ id }) => id > top).length;
  return { shown: fresh === 0 ? runs : runs.slice(fresh), fresh };
}
