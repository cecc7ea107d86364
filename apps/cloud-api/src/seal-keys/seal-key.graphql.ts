import type { SealKey as SealKeyRow } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { sealKeysOf } from "./seal-keys.ts";

/** The key of what one attempt of a run sealed. */
export const SealKey = builder.objectRef<SealKeyRow>("SealKey").implement({
  authScopes: { may: "run:read" },
  description:
    "The content key of what is sealed in a run, wrapped for the recipients that the user's policy names. The cloud cannot open it.",
  fields: (t) => ({
    id: t.exposeString("id", { description: "`kid` of what is sealed with it." }),
    key: t.exposeString("key", {
      description: "A JWE in general JSON form, with a recipient for each who may open it.",
    }),
  }),
});

/** Keys of a flow run, newest attempt first; one statement for all flow runs of a list. */
export async function sealKeysOfRun(runId: string, { batches, database, tenantId }: GraphqlContext) {
  return (await batches.ask("seal keys", runId, (runs) => sealKeysOf(database.pool, tenantId, runs))) ?? [];
}
