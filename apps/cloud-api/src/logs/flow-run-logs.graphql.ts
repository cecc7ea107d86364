import { Refusal } from "@weir/protocol";
import { FlowRun } from "../flow-runs/flow-run.graphql.ts";
import { builder } from "../graphql/builder.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { BY_EVENT, connectionOf, page, type PageArgs, pageSizeOf } from "../graphql/page.ts";
import { Log, LogLevelEnum } from "./log.graphql.ts";
import { leavesOut, type LogFilter, MOST_LOOKED_AT, MOST_SEARCHED } from "./log-filter.ts";
import { type LogExtent, MOST_EXTENTS, readLogExtents, readLogPages } from "./read-logs.ts";

const LogFilterInput = builder.inputType("LogFilter", {
  description: `With anything but \`attempt\`, one question looks at ${MOST_LOOKED_AT} lines at most: a page may then hold fewer than asked for, or none, while hasNextPage is true (from the end: hasPreviousPage). Go on after its endCursor (before its startCursor).`,
  fields: (t) => ({
    attempt: t.int({ description: "Of this attempt of the run." }),
    levels: t.field({ type: [LogLevelEnum], description: "Any of these." }),
    taskRunNumber: t.int({ description: "Written by this task run." }),
    textContains: t.string({
      description: `In whatever case; at most ${MOST_SEARCHED} characters. What is sealed is not searched: the cloud cannot read it.`,
    }),
  }),
});

interface LogArgs extends PageArgs {
  readonly filter?: LogFilter | null | undefined;
}

/** What looking at lines costs beside the page: for some runs at a time, so a long page of runs with it is refused. */
const COST_OF_LOOKING = 1_000;
/** Thousands of lines are counted. */
const COST_OF_COUNTING = 50;

/** The connection `FlowRun.logs`: one statement for all flow runs of a list. */
async function logsOf(runId: string, { filter, ...args }: LogArgs, context: GraphqlContext) {
  const { batches, database, tenantId } = context;
  const wanted = checked(filter ?? {});
  let lookedTo: string | null = null;
  let fromEnd = false;
  const found = await page(args, BY_EVENT, async (asked) => {
    const name = `logs ${JSON.stringify([asked, wanted])}`;
    const own = await batches.ask(name, runId, (runs) => readLogPages(database.pool, tenantId, runs, asked, wanted));
    fromEnd = asked.fromEnd;
    lookedTo = own?.lookedTo ? BY_EVENT.write(own.lookedTo) : null;
    return own?.lines ?? [];
  });
  if (lookedTo === null) return found;
  const end = fromEnd ? { hasPreviousPage: true, startCursor: lookedTo } : { hasNextPage: true, endCursor: lookedTo };
  return { ...found, pageInfo: { ...found.pageInfo, ...end } };
}

function checked(filter: LogFilter): LogFilter {
  const { textContains } = filter;
  if (typeof textContains !== "string") return filter;
  if (textContains.length > MOST_SEARCHED)
    throw new Refusal(
      "INVALID",
      `filter.textContains has ${textContains.length} characters; at most ${MOST_SEARCHED} are searched for.`,
    );
  if (textContains.includes("\0"))
    throw new Refusal("INVALID", "filter.textContains holds the character NUL, which no stored text has.");
  return textContains === "" ? { ...filter, textContains: null } : filter;
}

const LogExtentType = builder.objectRef<LogExtent>("LogExtent").implement({
  authScopes: { may: "log:read" },
  description: "Where the log lines of one attempt begin and end. Numbers between may be of other events.",
  fields: (t) => ({
    attempt: t.exposeInt("attempt"),
    first: t.exposeInt("first", { description: "Number of its first line." }),
    last: t.exposeInt("last", { description: "Number of its last line." }),
    lines: t.exposeInt("lines", { description: "How many, counted up to a bound." }),
    isMore: t.exposeBoolean("isMore", { description: "There are more than were counted." }),
  }),
});

builder.prismaObjectFields(FlowRun, (t) => ({
  logs: t.connection(
    {
      authScopes: { may: "log:read" },
      type: Log,
      nullable: true,
      description:
        "In the order in which they were written; `last` gives the tail. A cursor is the place of a line, `attempt.number`: one that is written by hand begins there.",
      args: { filter: t.arg({ type: LogFilterInput }) },
      complexity: ({ filter, ...args }: LogArgs) => ({
        field: leavesOut(filter ?? {}) ? COST_OF_LOOKING : 1,
        multiplier: pageSizeOf(args),
      }),
      resolve: ({ id }, args, context) => logsOf(id, args, context),
    },
    ...connectionOf("Log"),
  ),
  logExtents: t.field({
    authScopes: { may: "log:read" },
    type: [LogExtentType],
    nullable: true,
    complexity: { field: COST_OF_COUNTING, multiplier: 10 },
    description: `Where log lines are: one for each attempt that wrote any, of the newest ${MOST_EXTENTS}, oldest first.`,
    resolve: async ({ id }, _args, { batches, database, tenantId }) =>
      (await batches.ask("log extents", id, (runs) => readLogExtents(database.pool, tenantId, runs))) ?? [],
  }),
}));
