import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";

/** How often the harness looks whether runs are over. A figure is late by half of it on average, so it stays small. */
const LOOK_EVERY_MS = 4;

const ENDED = `
  select count(*) filter (where state = 'Success')::int as good,
         count(*) filter (where ended_at is not null and state <> 'Success')::int as bad
  from flow_runs where id = any($1)`;

/** Waits until the cloud has the end of every one of these runs. Throws when one of them did not succeed. */
export async function ended(pool: pg.Pool, ids: readonly string[]): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ good: number; bad: number }>({ name: "ended", text: ENDED, values: [ids] });
    const { good = 0, bad = 0 } = rows[0] ?? {};
    if (bad > 0) throw new Error(`A measured flow run did not succeed: ${await why(pool, ids)}`);
    if (good === ids.length) return;
    await pause(LOOK_EVERY_MS);
  }
}

const FAILED = `select state from flow_runs where id = $1 and ended_at is not null`;

/** Waits until the run has failed, as it was made to. Throws when it ended otherwise. */
export async function failed(pool: pg.Pool, id: string): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ state: string }>({ name: "failed", text: FAILED, values: [id] });
    const state = rows[0]?.state;
    if (state === "Failed") return;
    if (state !== undefined) throw new Error(`The run should have failed, but ended ${state}.`);
    await pause(LOOK_EVERY_MS);
  }
}

const WHY = `
  select s.state || coalesce(': ' || s.message, '') || coalesce(' ' || s.failure::text, '') as why
  from flow_run_states s where s.flow_run_id = any($1) and s.state not in ('Scheduled', 'Submitted', 'Running', 'Success') limit 1`;

async function why(pool: pg.Pool, ids: readonly string[]): Promise<string> {
  const { rows } = await pool.query<{ why: string }>(WHY, [ids]);
  return rows[0]?.why ?? "its history does not say why.";
}

const WHOLE = `
  select (select count(*)::int from task_runs where flow_run_id = any($1) and state = 'Success') as task_runs,
         (select count(*)::int from task_run_states where flow_run_id = any($1)) as states`;

/** Each task run and its three rows of history must be stored: a figure of half a history is none. */
export async function mustBeWhole(pool: pg.Pool, ids: readonly string[], tasksEach: number): Promise<void> {
  const { rows } = await pool.query<{ task_runs: number; states: number }>(WHOLE, [ids]);
  const { task_runs: taskRuns = 0, states = 0 } = rows[0] ?? {};
  const wanted = ids.length * tasksEach;
  if (taskRuns === wanted && states === 3 * wanted) return;
  throw new Error(`The cloud stored ${taskRuns} task runs and ${states} states, not ${wanted} and ${3 * wanted}.`);
}
