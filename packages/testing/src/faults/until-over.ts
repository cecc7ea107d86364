import { isTerminal, type StateName } from "@weir/protocol";
import { askUntil } from "./ask-until.ts";
import type { World } from "./world.ts";

/** Waits until a run is over and tells how it ended; undefined when it did not in time. The database may be away meanwhile. */
export async function untilOver(world: World, id: string, withinMs: number): Promise<StateName | undefined> {
  return await askUntil(
    async () => {
      const { rows } = await world.pool.query<{ state: StateName }>("select state from flow_runs where id = $1", [id]);
      const state = rows[0]?.state;
      return state !== undefined && isTerminal(state) ? state : undefined;
    },
    withinMs,
    100,
  );
}
