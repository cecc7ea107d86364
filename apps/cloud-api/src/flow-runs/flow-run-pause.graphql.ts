import { builder } from "../graphql/builder.ts";
import { checkedMessage } from "../graphql/checked-message.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { approveTaskRun } from "../task-runs/approve-task-run.ts";
import { payloadWithRun, requireId } from "./flow-run-mutations.graphql.ts";
import { pauseFlowRun } from "./pause-flow-run.ts";
import { resumeFlowRun } from "./resume-flow-run.ts";

builder.mutationField("pauseFlowRun", (t) =>
  t.field({
    authScopes: { may: "run:control" },
    type: payloadWithRun("PauseFlowRunPayload"),
    errors: orRefusal("PauseFlowRun"),
    description:
      "A run that waits is Paused at once. The agent of one that is held begins no further task, finishes what runs, and then it is Paused.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, tenantId }) => {
      await pauseFlowRun(database.pool, { tenantId, id: requireId(id) });
      return { id };
    },
  }),
);

builder.mutationField("resumeFlowRun", (t) =>
  t.field({
    authScopes: { may: "run:control" },
    type: payloadWithRun("ResumeFlowRunPayload"),
    errors: orRefusal("ResumeFlowRun"),
    description:
      "A paused run may be claimed again. Where its agent has not paused it yet, it goes on as if nobody had asked.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, tenantId }) => {
      await resumeFlowRun(database.pool, { tenantId, id: requireId(id) });
      return { id };
    },
  }),
);

const ApproveTaskRunInput = builder.inputType("ApproveTaskRunInput", {
  fields: (t) => ({
    flowRunId: t.id({ required: true }),
    number: t.int({ required: true, description: "Of the task run." }),
    message: t.string({ description: "For the history: who approved it, and why." }),
  }),
});

builder.mutationField("approveTaskRun", (t) =>
  t.field({
    authScopes: { may: "run:control" },
    type: payloadWithRun("ApproveTaskRunPayload"),
    errors: orRefusal("ApproveTaskRun"),
    description:
      "A paused task run may go on. A run that waits for it can be claimed at once, unless a person paused the run itself.",
    args: { input: t.arg({ type: ApproveTaskRunInput, required: true }) },
    resolve: async (_root, { input }, { database, tenantId }) => {
      const { number, message } = input;
      const flowRunId = requireId(input.flowRunId);
      const told = message === undefined || message === null ? {} : { message: checkedMessage("message", message) };
      await approveTaskRun(database.pool, { tenantId, flowRunId, number, ...told });
      return { id: flowRunId };
    },
  }),
);
