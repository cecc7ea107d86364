import { type QueryCache, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Refused } from "../cloud/refused.ts";
import { useCloud } from "../cloud/use-cloud.ts";
import { Viewer } from "../generated/operations.ts";

const PROBE_MS = 4_000;

/** Says when the cloud cannot be reached, or cannot answer. What is shown stays, as old as it is; when the cloud is back, all of it is asked for again. */
export function AwayBar() {
  const client = useQueryClient();
  const [away, setAway] = useState<string | null>(null);
  useEffect(() => watch(client.getQueryCache(), setAway), [client]);
  const isAway = away !== null;
  useEffect(() => {
    if (isAway) return () => void client.invalidateQueries();
    return undefined;
  }, [isAway, client]);
  // Pages that look once ask nothing by themselves.
  useCloud(Viewer, {}, isAway ? { every: PROBE_MS } : {});
  return (
    <div role="status">
      {isAway && <p className="border-b border-line bg-raised px-4 py-2 text-warn md:px-6">{away}</p>}
    </div>
  );
}

/** Tells what hinders the cloud, after each question that it did not answer; null after one that it did. */
function watch(cache: QueryCache, tell: (sentence: string | null) => void): () => void {
  return cache.subscribe((event) => {
    if (event.type !== "updated") return;
    const { action } = event;
    if (action.type === "success" && action.manual !== true) tell(null);
    if (action.type !== "failed" && action.type !== "error") return;
    const { error } = action;
    if (error instanceof Refused && error.isPassing) tell(error.message);
  });
}
