import { builder } from "../graphql/builder.ts";
import type { Holding as HoldingShape } from "./holdings.ts";

/** What one table holds about a flow run. */
export const Holding = builder.objectRef<HoldingShape>("Holding").implement({
  description: "What one table of the cloud holds about a flow run.",
  fields: (t) => ({
    table: t.exposeString("table"),
    rows: t.exposeInt("rows"),
    sample: t.expose("sample", { type: ["JSON"], description: "The rows with all their columns, the first 5,000." }),
  }),
});
