import { builder } from "../../graphql/builder.ts";
import { State } from "../../graphql/state.graphql.ts";
import { FlowRunFilterInput } from "../flow-run.graphql.ts";
import {
  type FlowRunHistory,
  type HistorySpan,
  MOST_SPANS,
  readFlowRunHistory,
  type StateCount,
} from "./read-flow-run-history.ts";

const StateCountType = builder.objectRef<StateCount>("StateCount").implement({
  fields: (t) => ({ state: t.expose("state", { type: State }), runs: t.exposeInt("runs") }),
});

const Bucket = builder.objectRef<HistorySpan>("FlowRunHistoryBucket").implement({
  description: "Flow runs of one span of time, by state.",
  fields: (t) => ({
    from: t.expose("from", { type: "DateTime" }),
    to: t.expose("to", { type: "DateTime", description: "Left out." }),
    states: t.field({
      type: [StateCountType],
      description: "Without those of 0 runs.",
      resolve: ({ states }) => [...states],
    }),
  }),
});

const History = builder.objectRef<FlowRunHistory>("FlowRunHistory").implement({
  description: "How many flow runs there were, by span of time and state.",
  fields: (t) => ({
    buckets: t.field({ type: [Bucket], description: "Oldest first.", resolve: ({ spans }) => [...spans] }),
    runs: t.exposeInt("runs", { description: "In all of them." }),
    isMore: t.exposeBoolean("isMore", {
      description: "There were more than the newest 50,000 of the time asked for; older ones are not counted.",
    }),
  }),
});

const DAY = 86_400_000;

builder.queryField("flowRunHistory", (t) =>
  t.field({
    authScopes: { may: "run:read" },
    type: History,
    description:
      "Flow runs counted by span of time and state: those that are over where they ended, all others where they are scheduled for.",
    // Looks at 50,000 runs.
    complexity: 1_000,
    args: {
      from: t.arg({ type: "DateTime", description: "Default: a day before `to`." }),
      to: t.arg({ type: "DateTime", description: "Left out. Default: now." }),
      buckets: t.arg.int({ defaultValue: 48, required: true, description: `Equal spans of time, 1 to ${MOST_SPANS}.` }),
      filter: t.arg({ type: FlowRunFilterInput }),
    },
    resolve: (_root, { from, to, buckets, filter }, { database, tenantId }) => {
      const end = to ?? new Date();
      const wish = { from: from ?? new Date(end.getTime() - DAY), to: end, spans: buckets, filter: filter ?? {} };
      return readFlowRunHistory(database, tenantId, wish);
    },
  }),
);
