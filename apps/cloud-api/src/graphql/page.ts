import { resolveCursorConnection } from "@pothos/plugin-relay";
import { isId, Refusal } from "@weir/protocol";
import { QUERY_LIMITS } from "./query-limits.ts";

/** Arguments of a connection, as GraphQL hands them over. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** Rows that a page may have, for what it costs. */
export const pageSizeOf = ({ first, last }: PageArgs): number =>
  Math.min(first ?? last ?? QUERY_LIMITS.pageSize, QUERY_LIMITS.maxPageSize);

/** Rows between two cursors, both left out; `fromEnd` counts from the far end. */
export interface Page<C> {
  readonly after: C | null;
  readonly before: C | null;
  readonly fromEnd: boolean;
  readonly limit: number;
}

/** How a cursor is written and read. `read` answers null for text that is no cursor. */
export interface Cursor<T, C> {
  readonly write: (row: T) => string;
  readonly read: (text: string) => C | null;
}

function readCursor<T, C>(cursor: Cursor<T, C>, argument: "after" | "before", text: string | null | undefined) {
  if (text === undefined || text === null) return null;
  const read = cursor.read(text);
  if (read === null)
    throw new Refusal(
      "INVALID",
      `${argument}: ${JSON.stringify(text.slice(0, 80))} is no cursor of this list; take pageInfo.endCursor of the page before, or leave it out.`,
    );
  return read;
}

/**
 * One page of a list. Cursors are positions (the key itself) and not Prisma's, which look the row up: that would answer
 * differently for another tenant's id than for an absent one.
 */
export function page<T, C>(args: PageArgs, cursor: Cursor<T, C>, read: (page: Page<C>) => Promise<T[]>) {
  const after = readCursor(cursor, "after", args.after);
  const before = readCursor(cursor, "before", args.before);
  return resolveCursorConnection<Promise<T[]>>(
    {
      args,
      defaultSize: QUERY_LIMITS.pageSize,
      maxSize: QUERY_LIMITS.maxPageSize,
      toCursor: cursor.write,
    },
    ({ limit, inverted }) => read({ after, before, fromEnd: inverted, limit }),
  );
}

/** The types of a connection are named after its nodes and not after the field: `...connectionOf("Agent")` are AgentConnection and AgentEdge. */
export function connectionOf(node: string): [{ name: string }, { name: string }] {
  return [{ name: `${node}Connection` }, { name: `${node}Edge` }];
}

/** A list of things ordered by id, which is by creation, newest first. */
export const BY_ID: Cursor<{ readonly id: string }, string> = {
  write: (row) => row.id,
  read: (text) => (isId(text) ? text : null),
};

/** Prisma's form of a page of a tenant's things, newest first. */
export function newestFirst(tenantId: string, { after, before, fromEnd, limit }: Page<string>) {
  const id = { ...(after === null ? {} : { lt: after }), ...(before === null ? {} : { gt: before }) };
  return { where: { tenantId, id }, orderBy: { id: fromEnd ? ("asc" as const) : ("desc" as const) }, take: limit };
}

const NUMBER = /^\d{1,10}$/;
const NUMBER_PAIR = /^(\d{1,5})\.(\d{1,10})$/;
const MAX_INT = 2_147_483_647;
const MAX_SMALLINT = 32_767;

/** A list ordered by a number. */
export const BY_NUMBER: Cursor<{ readonly number: number }, number> = {
  write: (row) => String(row.number),
  read: (text) => (NUMBER.test(text) && Number(text) <= MAX_INT ? Number(text) : null),
};

/** Where an event stands in its run: first the attempt, then the number within it. */
export interface EventPosition {
  readonly attempt: number;
  readonly number: number;
}

/** A list of events, in the order in which they happened. */
export const BY_EVENT: Cursor<EventPosition, EventPosition> = {
  write: ({ attempt, number }) => `${attempt}.${number}`,
  read: (text) => {
    const [, attempt, number] = NUMBER_PAIR.exec(text) ?? [];
    if (Number(attempt) <= MAX_SMALLINT && Number(number) <= MAX_INT)
      return { attempt: Number(attempt), number: Number(number) };
    return null;
  },
};

/** Below and above every event, for statements whose bounds are always there. */
export const FIRST_EVENT: EventPosition = { attempt: 0, number: 0 };
export const LAST_EVENT: EventPosition = { attempt: MAX_SMALLINT, number: MAX_INT };
export const LAST_NUMBER = MAX_INT;
