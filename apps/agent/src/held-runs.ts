import type { Order, ReleaseReason } from "@weir/protocol";
import type { RunHandle } from "@weir/runner";
import type { AgentLog } from "./agent-log.ts";

/** The runs that this agent holds now. */
export class HeldRuns {
  readonly #runs = new Map<string, { handle: RunHandle; cancelled: boolean }>();
  /** Earlier attempts of held runs, which have not ended yet. They take room like any other. */
  readonly #superseded = new Set<RunHandle>();
  readonly #log: AgentLog;
  readonly #onEnd: () => void;

  /** @param o.onEnd called after each run's end, when there is room again */
  constructor(o: { log: AgentLog; onEnd: () => void }) {
    this.#log = o.log;
    this.#onEnd = o.onEnd;
  }

  get size(): number {
    return this.#runs.size + this.#superseded.size;
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

  /** The attempt of a run that is held; 0 when none is. */
  attemptOf(runId: string): number {
    return this.#runs.get(runId)?.handle.attempt ?? 0;
  }

  /** Tells a person what the cloud gave that is not taken: the first of it, so that a cloud cannot fill the log. */
  refused(problems: readonly string[]): void {
    const [first] = problems;
    if (first === undefined) return;
    const more = problems.length > 1 ? ` So it is with ${problems.length - 1} more.` : "";
    this.#log.error({ refused: problems.length }, `A run was not taken: ${first}.${more}`);
  }

  add(handle: RunHandle): void {
    const { runId } = handle;
    // The same run again: its lease ended unnoticed and was given to us once more. The fenced handle ends by itself.
    const before = this.#runs.get(runId)?.handle;
    if (before !== undefined) this.#superseded.add(before);
    this.#runs.set(runId, { handle, cancelled: false });
    void handle.done
      .then(
        (outcome) => this.#log.info({ runId, outcome }, "A run has left this agent."),
        (error: unknown) => this.#log.error({ runId, err: error }, "The runner of a run failed."),
      )
      .finally(() => {
        if (this.#runs.get(runId)?.handle === handle) this.#runs.delete(runId);
        this.#superseded.delete(handle);
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
    while (this.size > 0) await Promise.allSettled(this.#handles().map((handle) => handle.done));
  }

  /** Stops what is still held and gives the leases back, so that other agents go on at once. */
  async release(reason: ReleaseReason): Promise<void> {
    const held = this.#handles();
    if (held.length > 0) this.#log.info({ runs: this.ids, reason }, `${held.length} runs are given back.`);
    await Promise.allSettled(held.map((handle) => handle.release(reason)));
  }

  #handles(): RunHandle[] {
    return [...[...this.#runs.values()].map(({ handle }) => handle), ...this.#superseded];
  }
}
