import { Refusal, type StateName } from "@weir/protocol";
import type { Database } from "../../database/index.ts";
import { type FlowRunFilter, flowIdsOf } from "../find-flow-runs.ts";
import { filterConditions } from "./filter-conditions.ts";
import { flowRunHistory } from "./flow-run-history.sql.ts";

/** Runs that one answer looks at. */
const MOST_SEEN = 50_000;
/** Spans that one answer is cut into. */
export const MOST_SPANS = 100;

export interface HistoryWish {
  readonly from: Date;
  /** Left out. */
  readonly to: Date;
  readonly spans: number;
  readonly filter: FlowRunFilter;
  readonly most?: number;
}

/** Runs of one state in a span. */
export interface StateCount {
  readonly state: StateName;
  readonly runs: number;
}

export interface HistorySpan {
  readonly from: Date;
  readonly to: Date;
  readonly states: readonly StateCount[];
}

export interface FlowRunHistory {
  readonly spans: readonly HistorySpan[];
  /** In all of them. */
  readonly runs: number;
  /** Only the newest were looked at. */
  readonly isMore: boolean;
}

interface Row extends StateCount {
  readonly span: number;
  readonly seen: number;
}

/**
 * Runs counted by span of time and state: those that are over where they ended, others where they are scheduled for.
 * @throws Refusal INVALID for a window or a number of spans that cannot be
 */
export async function readFlowRunHistory(
  { pool, prisma }: Database,
  tenantId: string,
  { from, to, spans, filter, most = MOST_SEEN }: HistoryWish,
): Promise<FlowRunHistory> {
  if (from >= to)
    throw new Refusal("INVALID", `from must be before to: ${from.toISOString()} is not before ${to.toISOString()}.`);
  if (spans < 1 || spans > MOST_SPANS)
    throw new Refusal("INVALID", `buckets must be a number from 1 to ${MOST_SPANS}; it is ${spans}.`);
  const seconds = (to.getTime() - from.getTime()) / 1_000 / spans;
  const values: unknown[] = [tenantId, from, to, seconds, most + 1];
  const given = (value: unknown) => `$${values.push(value)}`;
  const ids = await flowIdsOf(prisma, tenantId, filter);
  const flowIds = ids === null ? null : given(ids);
  const text = flowRunHistory({
    conditions: filterConditions(filter, flowIds, given),
    withParameters: (filter.hasParameters ?? null) !== null,
    // Of a project's many flows, each with its newest runs, there would be no end: they are chosen among the tenant's.
    flowIds: (filter.flow ?? null) === null ? null : flowIds,
  });
  const { rows } = await pool.query<Row>(text, values);
  const bySpan = Map.groupBy(
    rows.filter(({ runs }) => runs > 0),
    ({ span }) => Math.min(span, spans - 1),
  );
  const at = (span: number) => new Date(from.getTime() + Math.round(span * seconds * 1_000));
  return {
    runs: rows.reduce((sum, { runs }) => sum + runs, 0),
    isMore: rows.reduce((sum, { seen }) => sum + seen, 0) > most,
    spans: Array.from({ length: spans }, (_, span) => ({
      from: at(span),
      to: at(span + 1),
      states: bySpan.get(span) ?? [],
    })),
  };
}
