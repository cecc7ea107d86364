import { builder } from "../../graphql/builder.ts";
import { orRefusal } from "../../graphql/refusal.graphql.ts";
import { type Erased, eraseHoldings } from "./erase-holdings.ts";

const EraseHoldingsInput = builder.inputType("EraseHoldingsInput", {
  fields: (t) => ({
    tenantName: t.string({ required: true, description: "The tenant's name, typed by the person who erases." }),
    before: t.field({
      type: "DateTime",
      description: "Erase runs that were made before then, and nothing else. Absent: all of them.",
    }),
    flows: t.boolean({
      description: "Erase flows too, with their versions, settings and schedules. Not together with `before`.",
    }),
  }),
});

const EraseHoldingsPayload = builder.objectRef<Erased>("EraseHoldingsPayload").implement({
  fields: (t) => ({
    done: t.exposeBoolean("done", { description: "False: something is left to erase. The same call again goes on." }),
    runs: t.exposeInt("runs", { description: "Runs that this call erased." }),
    flows: t.exposeInt("flows", { description: "Flows that this call erased." }),
  }),
});

builder.mutationField("eraseHoldings", (t) =>
  t.field({
    authScopes: { may: "tenant:write" },
    type: EraseHoldingsPayload,
    errors: orRefusal("EraseHoldings"),
    description: `Erases what the cloud holds of the tenant's data, a part with each call: runs with their states, task runs, logs, artifacts, keys and cached results; without \`before\` also the key-value store, and what people said when they paused something. Refused while an agent holds a run that would be erased. Nothing can be brought back.

What is left: flows with the defaults of their parameters, their run config, where their code lies and their schedules with the runs that these made ahead (all of this goes with \`flows\`); projects, agents, limits, people, roles, keys, the audit log, which holds digests alone, and for a day the sealed answers to requests with an idempotency key. Results lie in the user's own storage and stay there.`,
    args: { input: t.arg({ type: EraseHoldingsInput, required: true }) },
    resolve: (_root, { input: { tenantName, before, flows } }, { database, tenantId }) =>
      eraseHoldings(database.pool, { tenantId, tenantName, before: before ?? null, flows: flows ?? false }, new Date()),
  }),
);
