import type { ClaimedRun, Order, ReleaseReason } from "@weir/protocol";
import type { createRunnerHost, RunHandle, RunOutcome } from "@weir/runner";

/** A claimed run as the agent treats it. */
export interface RecordedRun {
  readonly claimed: ClaimedRun;
  /** From when on the agent counts the lease. */
  readonly grantedAt: number;
  readonly orders: Order[];
  readonly released: ReleaseReason[];
  end(): void;
}

/** Stands where the runner stands, starts no process, and writes down what the agent asks of it. */
export function recordingHost(
  shipFound: () => Promise<{ runs: number; events: number }> = async () => ({ runs: 0, events: 0 }),
) {
  const runs = new Map<string, RecordedRun>();
  const deeds: string[] = [];
  const create: typeof createRunnerHost = () => ({
    run: (claimed, grantedAt) => {
      deeds.push("run");
      const { handle, recorded } = record(claimed, grantedAt);
      runs.set(claimed.runId, recorded);
      return handle;
    },
    shipFoundJournals: () => {
      deeds.push("ship");
      return shipFound();
    },
    close: async () => void deeds.push("close"),
  });
  return { createRunnerHost: create, runs, deeds };
}

function record(claimed: ClaimedRun, grantedAt: number): { handle: RunHandle; recorded: RecordedRun } {
  const done = Promise.withResolvers<RunOutcome>();
  const orders: Order[] = [];
  const released: ReleaseReason[] = [];
  const end = (): void => done.resolve({ kind: "finished", state: "Success" });
  const handle = {
    runId: claimed.runId,
    attempt: claimed.attempt,
    order: (order: Order) => void orders.push(order),
    release: async (reason: ReleaseReason) => {
      released.push(reason);
      end();
    },
    done: done.promise,
  };
  return { handle, recorded: { claimed, grantedAt, orders, released, end } };
}
