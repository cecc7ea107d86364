import { Refusal } from "@weir/protocol";
import { Agent } from "../../agents/agent.graphql.ts";
import { builder } from "../../graphql/builder.ts";
import { FlowRun } from "../flow-run.graphql.ts";
import { flowRunOfId } from "../flow-run-of-id.ts";
import { readRunsForAgents, type RunForAgent } from "./runs-for-agents.ts";
import { WaitingType } from "./waiting.graphql.ts";

const MOST_RUNS = 20;
const DEFAULT_RUNS = 10;

const WaitingRun = builder.objectRef<RunForAgent>("WaitingRun").implement({
  description: "A run that any agent may claim now, as one agent sees it.",
  fields: (t) => ({
    flowRun: t.field({
      type: FlowRun,
      nullable: true,
      description: "Null: it was removed just now.",
      resolve: ({ runId }, _args, context, info) => flowRunOfId(runId, context, info),
    }),
    canTake: t.boolean({
      description: "Whether nothing stands in the way: this agent takes it at its next look.",
      resolve: ({ waiting }) => waiting.reason === "CLAIMABLE",
    }),
    missingLabels: t.stringList({
      description: "Labels of the run that the agent has not.",
      resolve: ({ missingLabels }) => [...missingLabels],
    }),
    servesProject: t.exposeBoolean("servesProject"),
    waiting: t.field({
      type: WaitingType,
      description: "Why the run would wait if this were the only agent: labels, project, pauses, limits, room.",
      resolve: ({ waiting }) => waiting,
    }),
  }),
});

builder.prismaObjectField(Agent, "waitingRuns", (t) =>
  t.field({
    authScopes: { may: "run:read" },
    type: [WaitingRun],
    nullable: true,
    description:
      "Runs whose time has come and that nobody holds, in the order in which they are claimed, as this agent sees them.",
    args: { first: t.arg.int({ defaultValue: DEFAULT_RUNS, required: true, description: `1 to ${MOST_RUNS}.` }) },
    complexity: ({ first }) => ({ field: MOST_RUNS, multiplier: first }),
    resolve: async ({ id }, { first }, { batches, database, tenantId }) => {
      if (first < 1 || first > MOST_RUNS)
        throw new Refusal("INVALID", `first must be a number from 1 to ${MOST_RUNS}; it is ${first}.`);
      const read = (ids: readonly string[]) => readRunsForAgents(database.pool, tenantId, ids, first);
      return (await batches.ask(`runs for agents ${first}`, id, read)) ?? [];
    },
  }),
);
