import { isTerminal } from "@weir/protocol/state";
import { ask } from "../cloud/ask.ts";
import { follow } from "../cloud/subscribe.ts";
import { RunTaskPage, RunUpdates } from "../generated/operations.ts";
import type { RunStore } from "./run-store.ts";

const PAGE = 200;
const POLL_MS = 5_000;

/** Keeps the store of a run up to date until `signal` says that nobody looks any more. */
export async function followRun(id: string, store: RunStore, signal: AbortSignal): Promise<void> {
  try {
    if (store.after === null) void seed(id, store, signal);
    while (!signal.aborted) {
      const { end, version } = await readStream(id, store, signal);
      if (end === "unavailable") await poll(id, store, signal);
      if (end !== "over") return;
      store.setLink("over");
      await store.newer(version, signal);
    }
  } catch {
    // What the cloud refuses here it refuses to the head of the page too, which says so.
    store.setLink("away");
  }
}

/** Answers why nothing more came, and the version of the run that was told last. */
async function readStream(id: string, store: RunStore, signal: AbortSignal) {
  let version = 0;
  const end = await follow(
    RunUpdates,
    { id, after: store.after },
    {
      signal,
      onData: ({ flowRunUpdates: { after, flowRun, taskRuns } }) => {
        store.put(taskRuns);
        version = flowRun.stateVersion;
        store.setStateVersion(version);
        store.after = after;
      },
      onLive: (isLive) => store.setLink(isLive ? "live" : "away"),
      positionOf: ({ flowRunUpdates }) => flowRunUpdates.after,
      isLast: ({ flowRunUpdates: { flowRun } }) => isTerminal(flowRun.state),
    },
  );
  return { end, version };
}

/** The first of them, so that there is something to see while a long history is on its way. */
async function seed(id: string, store: RunStore, signal: AbortSignal): Promise<void> {
  const data = await ask(RunTaskPage, { id, first: 100 }, { signal }).catch(() => null);
  store.putIfAbsent(data?.flowRun?.taskRuns.nodes ?? []);
}

/** Where no stream comes through. Pages at the beginning whose task runs are all over are not asked for again. */
async function poll(id: string, store: RunStore, signal: AbortSignal): Promise<void> {
  let settled: string | null = null;
  while (!signal.aborted) {
    settled = await readPages(id, settled, store, signal).catch(() => settled);
    store.setLink("polling");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Answers the cursor before which all is over. */
async function readPages(id: string, from: string | null, store: RunStore, signal: AbortSignal) {
  let settled = from;
  let after = from;
  for (;;) {
    const { flowRun } = await ask(RunTaskPage, { id, first: PAGE, after }, { signal });
    if (flowRun === null) return settled;
    const { nodes, pageInfo } = flowRun.taskRuns;
    store.put(nodes);
    if (settled === after && pageInfo.hasNextPage && nodes.every(({ state }) => isTerminal(state)))
      settled = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) return settled;
    after = pageInfo.endCursor;
  }
}
