import { isFinished } from "@weir/protocol";
import type { Pool } from "pg";
import { readFlowRun } from "./read-flow-run.ts";
import { readUnfinished } from "./read-unfinished.ts";
import type { RunView, TaskRunView } from "./run-view.ts";

/** A run as this process last saw it, with the task runs that it knows of. Replaced as a whole or changed in one step: never in between. */
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
  readonly #most: number;
  readonly #runs = new Map<string, { run: KnownRun; size: number }>();
  #size = 0;

  constructor(pool: Pool, mostTaskRuns: number = MOST_TASK_RUNS) {
    this.#pool = pool;
    this.#most = mostTaskRuns;
  }

  /** The run from memory, else from the database; null when the tenant has none such. */
  async get(tenantId: string, runId: string): Promise<KnownRun | null> {
    const held = this.#runs.get(runId)?.run;
    if (held !== undefined && held.view.tenantId === tenantId) return held;
    const view = await readFlowRun(this.#pool, tenantId, runId);
    if (view === null) return null;
    return { view, taskRuns: new Map(), complete: view.attempt === 1 && view.eventNumber === 0, fresh: true };
  }

  /**
   * The task runs of these numbers, and with `unfinished` also all that are not over. What is read here is not put into the run: it may
   * be older by now than what another request has put there.
   */
  async taskRunsOf(
    run: KnownRun,
    numbers: Iterable<number>,
    unfinished: boolean,
  ): Promise<ReadonlyMap<number, TaskRunView>> {
    if (run.complete) return run.taskRuns;
    const found = new Map<number, TaskRunView>();
    const missing: number[] = [];
    for (const number of numbers) {
      const known = run.taskRuns.get(number);
      if (known === undefined) missing.push(number);
      else found.set(number, known);
    }
    if (missing.length > 0) await this.#readSome(run.view, missing, found);
    if (unfinished) for (const [number, view] of await readUnfinished(this.#pool, run.view)) found.set(number, view);
    return found;
  }

  /** Keeps a run from its claim on: its first report needs not read it. */
  begin(view: RunView): void {
    this.keep({ view, taskRuns: new Map(), complete: view.attempt === 1, fresh: false }, view, []);
  }

  /** Keeps a run as it stands after a write; one that is over is forgotten. */
  keep(run: KnownRun, view: RunView, taskRuns: Iterable<readonly [number, TaskRunView]>): void {
    this.forget(view.runId);
    if (isFinished(view.state)) return;
    run.view = view;
    run.fresh = false;
    for (const [number, taskRun] of taskRuns) run.taskRuns.set(number, taskRun);
    // A run without task runs takes room too.
    const size = run.taskRuns.size + 1;
    this.#runs.set(view.runId, { run, size });
    this.#size += size;
    this.#makeRoom();
  }

  forget(runId: string): void {
    this.#size -= this.#runs.get(runId)?.size ?? 0;
    this.#runs.delete(runId);
  }

  async #readSome(view: RunView, numbers: readonly number[], into: Map<number, TaskRunView>): Promise<void> {
    const { rows } = await this.#pool.query<TaskRunView & { number: number }>({
      name: "some-task-runs",
      text: SOME_TASK_RUNS,
      values: [view.tenantId, view.runId, numbers],
    });
    for (const { number, ...taskRun } of rows) into.set(number, taskRun);
  }

  /** The least recently reported runs give way: a Map keeps the order in which they were set. */
  #makeRoom(): void {
    for (const runId of this.#runs.keys()) {
      if (this.#size <= this.#most) return;
      this.forget(runId);
    }
  }
}
