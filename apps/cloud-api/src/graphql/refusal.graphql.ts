import { REFUSALS, Refusal, type RefusalCode } from "@weir/protocol";
import { builder } from "./builder.ts";

export const RefusalCodeEnum = builder.enumType("RefusalCode", {
  description: "Why the cloud said no. Programs decide by this, never by the sentence.",
  values: Object.keys(REFUSALS) as RefusalCode[],
});

builder.objectType(Refusal, {
  name: "Refusal",
  description: "The cloud saying no. Every mutation answers its payload or this.",
  fields: (t) => ({
    code: t.expose("code", { type: RefusalCodeEnum }),
    message: t.exposeString("message", { description: "What happened, to what, why, and what to do next." }),
  }),
});

/**
 * The errors option of a mutation: its result is the union of its payload and Refusal. Any other error is masked.
 * @example t.field({ type: CreateProjectPayload, errors: orRefusal("CreateProject"), … }) // union CreateProjectResult
 */
export function orRefusal(verb: string) {
  return { types: [Refusal], directResult: true, union: { name: `${verb}Result` } };
}
