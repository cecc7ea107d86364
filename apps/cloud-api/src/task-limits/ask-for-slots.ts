import { isHeld, Refusal, type SlotsReply, type SlotsRequest, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { requireLiveAttempt } from "../flow-runs/require-live-attempt.ts";
import type { Reporter } from "../flow-runs/report-events.ts";
import { type Grant, grantFront, tellHolders, withQueue } from "./grant-slots.ts";
import { ENQUEUE, EXPECT_ORDERS, FORGET_EARLIER, LOOK, WAITING } from "./task-slot.sql.ts";

/** A grant comes by an order at once; to ask again is for the case that it got lost. */
const WAIT_SECONDS = 15;

type Tasks = SlotsRequest["tasks"];

interface Look {
  readonly state: StateName;
  readonly attempt: number;
  readonly orderVersion: number;
  readonly limited: string[];
}

/**
 * Asks for one slot of each limited tag of each task run. Who is not granted keeps its place; to ask again answers what is true now and
 * changes nothing. Task runs without a limited tag are granted with one look at the database.
 * @throws Refusal STALE_ATTEMPT, NOT_FOUND
 */
export async function askForSlots(
  pool: Pool,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
  asker: Reporter,
  tasks: Tasks,
): Promise<SlotsReply> {
  const look = await lookAt(pool, asker, tasks);
  const limited = new Set(look.limited);
  const queued = tasks.filter(({ tags }) => tags.some((tag) => limited.has(tag)));
  const numbers = tasks.map(({ number }) => number);
  if (queued.length === 0) return { granted: numbers, waitSeconds: 0 };
  if (look.orderVersion === 0) {
    await pool.query({
      name: "expect-orders",
      text: EXPECT_ORDERS,
      values: [asker.tenantId, asker.runId, asker.attempt],
    });
  }
  const { waiting, grants } = await inTurn(() => enqueue(pool, asker, queued));
  await tellHolders(
    pool,
    grants.filter(({ runId }) => runId !== asker.runId),
  );
  return {
    granted: numbers.filter((number) => !waiting.has(number)),
    waitSeconds: waiting.size === 0 ? 0 : WAIT_SECONDS,
  };
}

async function lookAt(pool: Pool, asker: Reporter, tasks: Tasks): Promise<Look> {
  const tags = [...new Set(tasks.flatMap((task) => task.tags))];
  const { rows } = await pool.query<Look>({
    name: "look-at-limits",
    text: LOOK,
    values: [asker.tenantId, asker.runId, tags],
  });
  const [look] = rows;
  if (look?.attempt === asker.attempt && isHeld(look.state)) return look;
  await requireLiveAttempt(pool, asker);
  throw new Refusal("OVERLOADED", `Flow run ${asker.runId} changes too quickly at this moment; ask again.`, {
    retryAfterSeconds: 1,
  });
}

async function enqueue(
  pool: Pool,
  { tenantId, runId, attempt }: Reporter,
  tasks: Tasks,
): Promise<{ waiting: Set<number>; grants: Grant[] }> {
  const numbers = tasks.map(({ number }) => number);
  const tags = tasks.map((task) => JSON.stringify([...new Set(task.tags)]));
  return await withQueue(pool, tenantId, async (client) => {
    await client.query({ name: "forget-slots", text: FORGET_EARLIER, values: [tenantId, runId, attempt, numbers] });
    await client.query({ name: "enqueue-slots", text: ENQUEUE, values: [tenantId, runId, attempt, numbers, tags] });
    const grants = await grantFront(client, tenantId);
    const { rows } = await client.query<{ number: number }>({
      name: "waiting-slots",
      text: WAITING,
      values: [tenantId, runId, numbers],
    });
    return { waiting: new Set(rows.map(({ number }) => number)), grants };
  });
}
