import { isTerminal } from "@weir/protocol/state";
import { ask } from "../cloud/ask.ts";
import { RunTaskPage } from "../generated/operations.ts";
import type { RunStore } from "./run-store.ts";

const PAGE = 200;

/**
 * Asks for all task runs after a cursor. Answers the cursor from which to ask the next time: all before it are over, so that of a long run that
 * goes on little is asked for again.
 * @throws Refused
 */
export async function readPages(id: string, from: string | null, store: RunStore, signal: AbortSignal) {
  let settled = from;
  let after = from;
  for (;;) {
    const { flowRun } = await ask(RunTaskPage, { id, first: PAGE, after }, { signal });
    if (flowRun === null) return settled;
    const { nodes, pageInfo } = flowRun.taskRuns;
    store.put(nodes);
    if (!pageInfo.hasNextPage) return settled;
    if (settled === after && nodes.every(({ state }) => isTerminal(state))) settled = pageInfo.endCursor;
    after = pageInfo.endCursor;
  }
}
