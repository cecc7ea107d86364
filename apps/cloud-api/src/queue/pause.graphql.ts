import { builder } from "../graphql/builder.ts";
import type { Pause } from "./pause-queue.ts";

/** Who paused the queue of the tenant, or an agent. */
export const PauseType = builder.objectRef<Pause>("Pause").implement({
  description: "Who said that nothing is claimed, when, and why.",
  fields: (t) => ({
    at: t.expose("at", { type: "DateTime" }),
    by: t.exposeString("by", { description: "The address of a person, or the name of a key." }),
    reason: t.exposeString("reason", { nullable: true, description: "In that person's own words." }),
  }),
});
