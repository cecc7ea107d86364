import type { Order, ReleaseReason } from "@weir/protocol";
import type { RunHandle } from "@weir/runner";
import type { AgentLog } from "./agent-log.ts";

/** The runs that this agent holds now. */
export class HeldRuns {
  readonly #runs = new Map<string, { handle: RunHandle; cancelled: boolean }>();
  readonly #log: AgentLog;
  readonly #onEnd: () => void;

  /** @param o.onEnd called after each run's end, when there is room again */
  constructor(o: { log: AgentLog; onEnd: () => void }) {
    this.#log = o.log;
    this.#onEnd = o.onEnd;
  }

  get size(): number {
    return this.#runs.size;
  }

  get ids(): string[] {
    return [...this.#runs.keys()];
  }

  /**
   * Those that may still get an order. One that was cancelled is left out: its order stands until the run has ended, and the cloud
   * would answer every long-poll at once with it.
   */
  get awaitingOrders(): string[] {
    return [...this.#runs].filter(([, run]) => !run.cancelled).map(([id]) => id);
  }

  add(handle: RunHandle): void {
    const { runId } = handle;
    // The same run again: its lease ended unnoticed and was given to us once more. The fenced handle ends by itself.
    this.#runs.set(runId, { handle, cancelled: false });
    void handle.done
      .then(
        (outcome) => this.#log.info({ runId, outcome }, "A run has left this agent."),
        (error: unknown) => this.#log.error({ runId, err: error }, "The runner of a run failed."),
      )
      .finally(() => {
        if (this.#runs.get(runId)?.handle === handle) this.#runs.delete(runId);
        this.#onEnd();
      });
  }

  /** Hands an order of the cloud to whoever supervises the run. One for a run that is not here any more is no news. */
  order(runId: string, order: Order): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    if (order.kind === "cancel") run.cancelled = true;
    run.handle.order(order);
  }

  /** Resolves when none is held. */
  async ended(): Promise<void> {
    while (this.#runs.size > 0) await Promise.allSettled([...this.#runs.values()].map(({ handle }) => handle.done));
  }

  /** Stops what is still held and gives the leases back, so that other agents go on at once. */
  async release(reason: ReleaseReason): Promise<void> {
    const held = [...this.#runs.values()];
    if (held.length > 0) this.#log.info({ runs: this.ids, reason }, `${held.length} runs are given back.`);
    await Promise.allSettled(held.map(({ handle }) => handle.release(reason)));
  }
}
