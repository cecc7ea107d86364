import type { Pool } from "pg";

// One statement that also finds names which another replica made before. One that is being made at this very moment shows in neither
// half (`do nothing` returns no row, and the snapshot is too old to see it): the caller asks again.
const SQL = `with made as (
  insert into tasks (tenant_id, flow_id, name) select $1, $2, name from unnest($3::text[]) as name
  on conflict (tenant_id, flow_id, name) do nothing returning id, name
)
select id, name from made
union all
select id, name from tasks where tenant_id = $1 and flow_id = $2 and name = any ($3::text[])`;

/** Names kept in memory: a flow has dozens, a replica serves thousands of flows. */
const MOST_NAMES = 50_000;
const MOST_QUESTIONS = 3;

/** The dictionary of task names. Its rows never change, so what was read once holds for the life of the process. */
export class TaskIds {
  readonly #pool: Pool;
  readonly #ids = new Map<string, number>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The numbers that stand for task names of a flow; missing ones are made. */
  async resolve(tenantId: string, flowId: string, names: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const name of names) {
      const id = this.#ids.get(`${flowId} ${name}`);
      if (id !== undefined) found.set(name, id);
    }
    for (let asked = 0; found.size < names.size && asked < MOST_QUESTIONS; asked += 1) {
      const missing = [...names].filter((name) => !found.has(name));
      for (const { id, name } of await this.#ask(tenantId, flowId, missing)) found.set(name, id);
    }
    return found;
  }

  async #ask(tenantId: string, flowId: string, names: readonly string[]): Promise<{ id: number; name: string }[]> {
    const values = [tenantId, flowId, names];
    const { rows } = await this.#pool.query<{ id: number; name: string }>({ name: "task-ids", text: SQL, values });
    if (this.#ids.size > MOST_NAMES) this.#ids.clear();
    for (const { id, name } of rows) this.#ids.set(`${flowId} ${name}`, id);
    return rows;
  }
}
