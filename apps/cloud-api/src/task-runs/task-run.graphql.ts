import { builder } from "../graphql/builder.ts";
import { COST_OF_LONG } from "../graphql/field-cost.ts";
import { BY_NUMBER, page, type PageArgs } from "../graphql/page.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { State } from "../graphql/state.graphql.ts";
import {
  readTaskRunPages,
  readTaskRunStates,
  taskRunKey,
  type TaskRunRow,
  type TaskRunStateRow,
} from "./read-task-runs.ts";

const TaskRunState = builder.objectRef<TaskRunStateRow>("TaskRunState").implement({
  authScopes: { may: "run:read" },
  description: "One row of a task run's history.",
  fields: (t) => ({
    attempt: t.exposeInt("attempt"),
    number: t.exposeInt("number", { description: "Number of the event within its attempt." }),
    state: t.expose("state", { type: State }),
    at: t.expose("at", { type: "DateTime", description: "By the clock of the machine that ran the task." }),
    message: t.exposeString("message", { nullable: true }),
    failure: t.expose("failure", { type: "JSON", nullable: true, complexity: COST_OF_LONG }),
    tryNumber: t.exposeInt("tryNumber", { nullable: true }),
    refused: t.exposeString("refused", {
      nullable: true,
      description: "Why the transition was recorded but not applied; null when it was.",
    }),
  }),
});

/** One execution of a task. */
export const TaskRun = builder.objectRef<TaskRunRow>("TaskRun").implement({
  authScopes: { may: "run:read" },
  description: "One execution of a task. Its number is its identity within the flow run, in every attempt.",
  fields: (t) => ({
    number: t.exposeInt("number"),
    task: t.exposeString("task", { description: "Name of the task." }),
    name: t.exposeString("name", { nullable: true, description: "The run's own name, rendered from its inputs." }),
    ordinal: t.exposeInt("ordinal", { description: "Call order of this task in the flow: the first call is 0." }),
    key: t.exposeString("key", { nullable: true }),
    mapIndex: t.exposeInt("mapIndex", { nullable: true, description: "Index within the mapped task run `parent`." }),
    parent: t.exposeInt("parent", { nullable: true, description: "Number of the mapped or subflow task run." }),
    state: t.expose("state", { type: State }),
    tryNumber: t.exposeInt("tryNumber", { description: "Which try this is, from 1; 0 before the first." }),
    attempt: t.exposeInt("attempt", { description: "Attempt of the flow run in which it changed last." }),
    startedAt: t.expose("startedAt", { type: "DateTime", nullable: true }),
    endedAt: t.expose("endedAt", { type: "DateTime", nullable: true }),
    startTime: t.expose("startTime", { type: "DateTime", nullable: true, description: "Not before this moment." }),
    location: t.exposeString("location", {
      nullable: true,
      description: "Where its result lies, at the user's place.",
    }),
    resultBytes: t.exposeFloat("resultBytes", { nullable: true }),
    mapCount: t.exposeInt("mapCount", { nullable: true, description: "When mapped: how many children." }),
    upstream: t.exposeIntList("upstream"),
    tags: t.exposeStringList("tags"),
    loopCount: t.exposeInt("loopCount", { nullable: true, description: "When it loops: how many turns are over." }),
    approvedAt: t.expose("approvedAt", {
      type: "DateTime",
      nullable: true,
      description: "When a person approved it; null where nobody did, or it has paused again since.",
    }),
    approvalMessage: t.exposeString("approvalMessage", { nullable: true }),
    message: t.exposeString("message", { nullable: true, description: "Of its newest state." }),
    failure: t.expose("failure", { type: "JSON", nullable: true, complexity: COST_OF_LONG }),
    states: t.field({
      type: [TaskRunState],
      description: "Its history, oldest first.",
      resolve: async ({ flowRunId, number }, _args, { batches, database, tenantId }) =>
        (await batches.ask("task-run states", taskRunKey(flowRunId, number), (keys) =>
          readTaskRunStates(database.pool, tenantId, keys),
        )) ?? [],
    }),
  }),
});

/** The connection `FlowRun.taskRuns`: one statement for all flow runs of a list. */
export function taskRunsOf(runId: string, args: PageArgs, { batches, database, tenantId }: GraphqlContext) {
  return page(
    args,
    BY_NUMBER,
    async (asked) =>
      (await batches.ask(`task runs ${JSON.stringify(asked)}`, runId, (runs) =>
        readTaskRunPages(database.pool, tenantId, runs, asked),
      )) ?? [],
  );
}
