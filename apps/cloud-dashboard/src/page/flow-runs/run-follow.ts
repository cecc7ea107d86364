import { isTerminal } from "@weir/protocol/state";
import { ask } from "../cloud/ask.ts";
import { follow } from "../cloud/subscribe.ts";
import { RunTaskPage, RunUpdates } from "../generated/operations.ts";
import { readPages } from "./run-poll.ts";
import type { RunStore } from "./run-store.ts";

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

/** Where no stream comes through. */
async function poll(id: string, store: RunStore, signal: AbortSignal): Promise<void> {
  let settled: string | null = null;
  let version = 0;
  while (!signal.aborted) {
    // What was over may have begun again: somebody restarted the run.
    const { stateVersion } = store.snapshot();
    if (stateVersion !== version) settled = null;
    version = stateVersion;
    settled = await readPages(id, settled, store, signal).catch(() => settled);
    store.setLink("polling");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
