import { isId, Refusal } from "@weir/protocol";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import { type FlowRunFilter, flowRunsWhere } from "../find-flow-runs.ts";

/** Runs that one operation changes at most, and as far as they are counted. */
export const MOST_RUNS = 10_000;

/** Which runs are meant: those that a filter finds, or those of a list. */
export interface Choice {
  readonly filter?: FlowRunFilter | null | undefined;
  readonly ids?: readonly string[] | null | undefined;
}

/**
 * Ids of the runs that are meant, oldest first: one more than MOST_RUNS where there are more.
 * @throws Refusal INVALID unless it is either a filter or a list; NOT_FOUND for text in the list that is no id
 */
export async function chosenRuns(prisma: PrismaClient, tenantId: string, { filter, ids }: Choice): Promise<string[]> {
  const where = { tenantId, ...(await narrowed(prisma, tenantId, filter ?? undefined, ids ?? undefined)) };
  const runs = await prisma.flowRun.findMany({
    select: { id: true },
    where,
    orderBy: { id: "asc" },
    take: MOST_RUNS + 1,
  });
  return runs.map(({ id }) => id);
}

async function narrowed(
  prisma: PrismaClient,
  tenantId: string,
  filter: FlowRunFilter | undefined,
  ids: readonly string[] | undefined,
) {
  if (filter !== undefined && ids === undefined) return await flowRunsWhere(prisma, tenantId, filter);
  if (ids === undefined || filter !== undefined) {
    throw new Refusal("INVALID", "Say which runs are meant: either a filter, or a list of ids.");
  }
  const wrong = ids.find((id): boolean => !isId(id));
  if (wrong === undefined) return { id: { in: [...new Set(ids)].slice(0, MOST_RUNS + 1) } };
  throw new Refusal("NOT_FOUND", `There is no flow run ${JSON.stringify(wrong.slice(0, 80))}; an id is a UUID.`);
}
