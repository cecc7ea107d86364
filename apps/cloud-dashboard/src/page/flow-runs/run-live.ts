import { isTerminal } from "@weir/protocol/state";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { RunPage, type RunPageQuery } from "../generated/operations.ts";
import { followRun } from "./run-follow.ts";
import { type RunSnapshot, RunStore } from "./run-store.ts";

/** A run that is over changes only where somebody restarts or renames it. */
const everyMs = (data: RunPageQuery | undefined) =>
  data?.flowRun != null && isTerminal(data.flowRun.state) ? 15_000 : 4_000;

/** The run itself, asked for now and then, and at once when its stream says that it changed. */
export function useRunHead(runId: string) {
  return useCloud(RunPage, { id: runId }, { every: everyMs });
}

/**
 * A run's task runs, live while the page is seen. A page that is left and come back to within minutes goes on where it was.
 * @param headVersion of the run, as it was asked for
 */
export function useRunLive(runId: string, headVersion: number | undefined): RunSnapshot {
  const client = useQueryClient();
  const store = useMemo(() => storeOf(client, runId), [client, runId]);
  const snapshot = useSyncExternalStore(store.subscribe, store.snapshot);
  const isSeen = useIsSeen();
  useEffect(() => {
    if (!isSeen) return;
    const stop = new AbortController();
    void followRun(runId, store, stop.signal);
    return () => stop.abort();
  }, [runId, store, isSeen]);
  useEffect(() => {
    if (headVersion === undefined) return;
    store.setStateVersion(headVersion);
    if (snapshot.stateVersion > headVersion) void client.invalidateQueries({ queryKey: [RunPage.name] });
  }, [client, store, snapshot.stateVersion, headVersion]);
  return snapshot;
}

/** Beside the answers of the cloud, so that it goes with them: after minutes without use, and when somebody else signs in. */
function storeOf(client: QueryClient, runId: string): RunStore {
  const key = ["run-store", runId];
  const kept = client.getQueryData<RunStore>(key);
  if (kept !== undefined) return kept;
  const store = new RunStore();
  client.setQueryData(key, store);
  return store;
}

/** A tab in the background holds no stream: browsers open six to one server, for all tabs together. */
function useIsSeen(): boolean {
  return useSyncExternalStore(
    (listener) => {
      document.addEventListener("visibilitychange", listener);
      return () => document.removeEventListener("visibilitychange", listener);
    },
    () => document.visibilityState === "visible",
  );
}
