import { LIMITS, type Order } from "@weir/protocol";
import type { Pool } from "pg";

/** One thing that the holder of a run is to be told. `parts` tells it apart from the same order at another time. */
export interface OpenOrder {
  readonly runId: string;
  readonly kind: Order["kind"];
  readonly parts: readonly OrderPart[];
}

export interface OrderPart {
  /** Of the task run that it is about. */
  readonly number: number | null;
  readonly key: string;
}

interface Row {
  readonly runId: string;
  readonly stateVersion: number;
  readonly orderVersion: number;
  readonly cancel: boolean;
  readonly pauseOrder: "pause" | "resume" | null;
  /** [number, place in the queue] */
  readonly slots: [number, number][] | null;
  /** [number, when] */
  readonly approved: [number, number][] | null;
}

// A grant is told until the task run is seen to have begun, an approval until it is seen to go on; a wish to pause or to go on until the lease
// ends. So a reply that is lost costs nothing, and whoever hears an order twice ignores it.
//
// $1 tenant, $2 flow runs, $3 agent or null: whoever holds them
const ORDERS = `select r.id as "runId", r.state_version as "stateVersion", r.order_version as "orderVersion", r.state = 'Cancelling' as cancel,
  r.pause_order as "pauseOrder",
  (select jsonb_agg(jsonb_build_array(g.number, g.position)) from (
    select distinct s.number, s.position from task_slots s
    where s.flow_run_id = r.id and s.attempt = r.attempt and s.granted_at is not null and not exists (
      select from task_runs t where t.flow_run_id = s.flow_run_id and t.number = s.number and t.attempt = s.attempt
        and t.event_number > s.event_number and t.state not in ('Pending', 'Scheduled', 'Resume', 'Queued'))
    order by s.number limit ${LIMITS.eventsPerReport}) g) as slots,
  (select jsonb_agg(jsonb_build_array(a.number, extract(epoch from a.approved_at))) from (
    select t.number, t.approved_at from task_runs t
    where t.flow_run_id = r.id and t.approved_at is not null and t.state = 'Paused'
    order by t.number limit ${LIMITS.eventsPerReport}) a) as approved
from flow_runs r
where r.id = any ($2::uuid[]) and (r.tenant_id = $1::uuid) is true and ($3::uuid is null or r.agent_id = $3)
  and (r.state = 'Cancelling' or (r.order_version > 0 and r.state in ('Submitted', 'Running')))`;

/** Everything that the holders of these runs are to be told. */
export async function readOrders(
  pool: Pool,
  tenantId: string,
  runIds: readonly string[],
  agentId: string | null = null,
): Promise<OpenOrder[]> {
  const values = [tenantId, runIds, agentId];
  const { rows } = await pool.query<Row>({ name: "read-orders", text: ORDERS, values });
  return rows.flatMap(ordersOf);
}

function ordersOf({ runId, stateVersion, orderVersion, cancel, pauseOrder, slots, approved }: Row): OpenOrder[] {
  const whole = (kind: Order["kind"], key: number): OpenOrder => ({
    runId,
    kind,
    parts: [{ number: null, key: `${runId} ${kind} ${stateVersion} ${key}` }],
  });
  const about = (kind: Order["kind"], pairs: [number, number][] | null): OpenOrder[] =>
    pairs === null
      ? []
      : [
          {
            runId,
            kind,
            parts: pairs.map(([number, when]) => ({ number, key: `${runId} ${kind} ${number} ${when}` })),
          },
        ];
  if (cancel) return [whole("cancel", 0)];
  const pause = pauseOrder === null ? [] : [whole(pauseOrder, orderVersion)];
  return [...pause, ...about("approve", approved), ...about("slots", slots)];
}

/** The order as its holder hears it. */
export function toOrder({ kind, parts }: OpenOrder): Order {
  const numbers = parts.flatMap(({ number }) => (number === null ? [] : [number]));
  return numbers.length === 0 ? { kind } : { kind, numbers };
}
