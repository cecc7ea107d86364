// Runs elsewhere: a flow starts runs of another registered flow by way of the cloud, and waits for them. Any agent may take these.
//
//   weir register examples/tour/subflows.flow.ts
//   weir run examples/tour/elsewhere.flow.ts -p years='[2012,2013]'
//
// Seen: two more runs in `weir runs list`, of the flow `year`, with this one as their parent; cancelling this one cancels them. A try of
// `start` that is repeated, or a restart, finds the run that it has started before. Values do not travel by the cloud: share a store, or
// hand over where they lie. Without a cloud there is nobody to start them, so this flow needs one.
import { flow, startFlowRun, task, waitForFlowRun } from "@weir/sdk";
import { z } from "zod";

const tell = task("tell", (outcomes: readonly { readonly runId: string; readonly state: string }[]) =>
  outcomes.map(({ state }) => state).join(", "),
);

export default flow(
  "elsewhere",
  { parameters: z.object({ years: z.array(z.number().int()).default([2012, 2013]) }) },
  ({ years }) => tell(years.map((of) => waitForFlowRun(startFlowRun("year", { parameters: { year: of } })))),
);
