import { isTerminal, Refusal } from "@weir/protocol";
import { builder } from "../../graphql/builder.ts";
import type { GraphqlContext } from "../../graphql/context.ts";
import { orRefusal, RefusalCodeEnum } from "../../graphql/refusal.graphql.ts";
import { cancelFlowRun } from "../cancel-flow-run.ts";
import { FlowRunFilterInput } from "../flow-run.graphql.ts";
import { requireFlowRun } from "../read-flow-run.ts";
import { restartFlowRun } from "../restart-flow-run.ts";
import { type BulkOutcome, changeFlowRuns, type LeftRuns, requireCount } from "./change-flow-runs.ts";
import { type Choice, chosenRuns, MOST_RUNS } from "./chosen-runs.ts";

const FlowRunCount = builder.objectRef<{ count: number }>("FlowRunCount").implement({
  description: "How many runs a filter finds.",
  fields: (t) => ({
    count: t.int({ description: "At most 10,000.", resolve: ({ count }) => Math.min(count, MOST_RUNS) }),
    isMore: t.boolean({ description: "There are more than that.", resolve: ({ count }) => count > MOST_RUNS }),
  }),
});

builder.queryField("flowRunCount", (t) =>
  t.field({
    type: FlowRunCount,
    authScopes: { may: "run:read" },
    description: "How many runs a filter finds: to be shown before all of them are changed.",
    args: { filter: t.arg({ type: FlowRunFilterInput, required: true }) },
    resolve: async (_root, { filter }, { database, tenantId }) => ({
      count: (await chosenRuns(database.prisma, tenantId, { filter })).length,
    }),
  }),
);

const LeftRunsType = builder.objectRef<LeftRuns>("LeftRuns").implement({
  description: "Runs that were left as they are for the same reason.",
  fields: (t) => ({
    code: t.expose("code", { type: RefusalCodeEnum }),
    count: t.exposeInt("count"),
    message: t.exposeString("message", { description: "What was said of the first of them." }),
    ids: t.exposeIDList("ids", { description: "The first ten." }),
  }),
});

const payload = (name: string) =>
  builder.objectRef<BulkOutcome>(name).implement({
    fields: (t) => ({
      changed: t.exposeInt("changed"),
      refused: t.field({ type: [LeftRunsType], resolve: ({ refused }) => [...refused] }),
      left: t.exposeInt("left", { description: "Not looked at, because whoever asked was gone." }),
    }),
  });

const ChosenFlowRunsInput = builder.inputType("ChosenFlowRunsInput", {
  fields: (t) => ({
    filter: t.field({ type: FlowRunFilterInput, description: "Either this, or `ids`." }),
    ids: t.idList(),
    expectedCount: t.int({
      required: true,
      description: "As many runs as the person was shown. Where it is another number now, nothing is changed.",
    }),
  }),
});

/** Changes the runs that are meant, when they are as many as whoever asks believes. */
async function changeChosen(
  { database, tenantId, gone }: GraphqlContext,
  { expectedCount, ...choice }: Choice & { readonly expectedCount: number },
  change: (id: string) => Promise<unknown>,
): Promise<BulkOutcome> {
  const ids = await chosenRuns(database.prisma, tenantId, choice);
  requireCount(ids.length, expectedCount);
  return await changeFlowRuns(ids, change, () => gone.aborted);
}

builder.mutationField("cancelFlowRuns", (t) =>
  t.field({
    type: payload("CancelFlowRunsPayload"),
    errors: orRefusal("CancelFlowRuns"),
    authScopes: { may: "run:control" },
    description: "Cancels each run, and what it started. Runs that are over are told as refused.",
    args: { input: t.arg({ type: ChosenFlowRunsInput, required: true }) },
    resolve: (_root, { input }, context) => {
      const { pool } = context.database;
      const { tenantId } = context;
      return changeChosen(context, input, async (id) => {
        const { state } = await requireFlowRun(pool, tenantId, id);
        if (isTerminal(state))
          throw new Refusal("CONFLICT", `Flow run ${id} is over (${state}); there is nothing to cancel.`);
        await cancelFlowRun(pool, { tenantId, id });
      });
    },
  }),
);

builder.mutationField("restartFlowRuns", (t) =>
  t.field({
    type: payload("RestartFlowRunsPayload"),
    errors: orRefusal("RestartFlowRuns"),
    authScopes: { may: "run:start" },
    description: "A new attempt of each run that ended without success. Others are told as refused.",
    args: { input: t.arg({ type: ChosenFlowRunsInput, required: true }) },
    resolve: (_root, { input }, context) =>
      changeChosen(context, input, (id) => restartFlowRun(context.database.pool, { tenantId: context.tenantId, id })),
  }),
);
