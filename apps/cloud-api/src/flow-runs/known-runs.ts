import { isFinished } from "@weir/protocol";
import type { Pool } from "pg";
import { readFlowRun } from "./read-flow-run.ts";
import { readUnfinished } from "./read-unfinished.ts";
import type { RunView, TaskRunView } from "./run-view.ts";

/** A run as this process last saw it, with the task runs that it knows of. */
export interface KnownRun {
  view: RunView;
  readonly taskRuns: Map<number, TaskRunView>;
  /** Whether `taskRuns` holds every task run that exists: true for runs that this process has followed from their first event. */
  readonly complete: boolean;
  /** Whether it was read for this request, not kept from one before. */
  fresh: boolean;
}

/** Task runs kept in memory over all runs: about 100 bytes each. */
const MOST_TASK_RUNS = 300_000;

const SOME_TASK_RUNS = `select number, state, attempt, try_number as "tryNumber" from task_runs
where tenant_id = $1 and flow_run_id = $2 and number = any ($3::int4[])`;

/**
 * What this process remembers of the runs whose reports it receives, so that a report needs one statement instead of three. It may be
 * out of date at any moment, by another replica or by the sweeper: a write checks the view's version in the database, and whoever is
 * refused forgets the run and reads it afresh. So it can cost a second try, never a wrong row.
 */
export class KnownRuns {
  readonly #pool: Pool;
  readonly #runs = new Map<string, KnownRun>();
  #taskRuns = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The run from memory, else from the database; null when the tenant has none such. */
  async get(tenantId: string, runId: string): Promise<KnownRun | null> {
    const held = this.#runs.get(runId);
    if (held !== undefined && held.view.tenantId === tenantId) return held;
    const view = await readFlowRun(this.#pool, tenantId, runId);
    return view === null
      ? null
      : { view, taskRuns: new Map(), complete: view.attempt === 1 && view.eventNumber === 0, fresh: true };
  }

  /** Reads the task runs of these numbers that are not known yet, and with `unfinished` all that are not over. */
  async load(run: KnownRun, numbers: Iterable<number>, unfinished: boolean): Promise<void> {
    if (run.complete) return;
    const missing = [...numbers].filter((number) => !run.taskRuns.has(number));
    if (missing.length > 0) await this.#readSome(run, missing);
    if (unfinished) {
      for (const [number, view] of await readUnfinished(this.#pool, run.view)) run.taskRuns.set(number, view);
    }
  }

  /** Keeps a run after a write; one that is over is forgotten. */
  keep(run: KnownRun): void {
    const held = this.#runs.get(run.view.runId);
    if (held !== undefined) this.#taskRuns -= held.taskRuns.size;
    this.#runs.delete(run.view.runId);
    if (isFinished(run.view.state)) return;
    run.fresh = false;
    this.#runs.set(run.view.runId, run);
    this.#taskRuns += run.taskRuns.size;
    this.#makeRoom();
  }

  forget(runId: string): void {
    this.#taskRuns -= this.#runs.get(runId)?.taskRuns.size ?? 0;
    this.#runs.delete(runId);
  }

  async #readSome(run: KnownRun, numbers: readonly number[]): Promise<void> {
    const { rows } = await this.#pool.query<TaskRunView & { number: number }>({
      name: "some-task-runs",
      text: SOME_TASK_RUNS,
      values: [run.view.tenantId, run.view.runId, numbers],
    });
    for (const { number, ...view } of rows) run.taskRuns.set(number, view);
  }

  /** The least recently reported runs give way: a Map keeps the order in which they were set. */
  #makeRoom(): void {
    for (const runId of this.#runs.keys()) {
      if (this.#taskRuns <= MOST_TASK_RUNS) return;
      this.forget(runId);
    }
  }
}
