import { LOG_LEVELS, type LogLevel } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { COST_OF_LONG } from "../graphql/field-cost.ts";
import { lineKey, type LogRow, readTasksOfLines } from "./read-logs.ts";

const LEVEL_NAMES = Object.keys(LOG_LEVELS) as LogLevel[];
export const LogLevelEnum = builder.enumType("LogLevel", { values: LEVEL_NAMES });

/** The name of a stored level; one that is none of ours counts as the next lower of ours. */
function levelName(level: number): LogLevel {
  return LEVEL_NAMES.findLast((name) => LOG_LEVELS[name] <= level) ?? "trace";
}

/** One log line. */
export const Log = builder.objectRef<LogRow>("Log").implement({
  authScopes: { may: "log:read" },
  description: "One log line. (attempt, number) is its place: lines are in order, and each is stored once.",
  fields: (t) => ({
    attempt: t.exposeInt("attempt"),
    number: t.exposeInt("number", { description: "Number of the event within its attempt." }),
    at: t.expose("at", { type: "DateTime", description: "By the clock of the machine that wrote it." }),
    level: t.field({ type: LogLevelEnum, resolve: ({ level }) => levelName(level) }),
    text: t.exposeString("text", { complexity: COST_OF_LONG }),
    logger: t.exposeString("logger", { description: "flow, stdout, stderr, weir, or the user's own." }),
    taskRunNumber: t.exposeInt("taskRunNumber", { nullable: true, description: "Absent: the flow itself wrote it." }),
    task: t.string({
      nullable: true,
      description: "Name of the task that wrote it.",
      resolve: async (row, _args, { batches, database, tenantId }) =>
        row.taskRunNumber === null
          ? null
          : await batches.ask("tasks of lines", lineKey(row), (keys) =>
              readTasksOfLines(database.pool, tenantId, keys),
            ),
    }),
  }),
});
