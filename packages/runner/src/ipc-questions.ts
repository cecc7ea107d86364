import { type AskMessage, fields, jsonProblem, LIMITS, NamedDigest, type QuestionKind } from "@weir/protocol";
import Type, { type TProperties, type TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { misfit } from "./misfit.ts";

function question(properties: TProperties): Validator {
  return Compile<TSchema>(Type.Object(properties));
}

const kvWrite = { key: fields.name(), expectedVersion: Type.Optional(fields.count()) };

const checks: Readonly<Record<QuestionKind, Validator>> = {
  slots: question({ number: fields.ordinal(), tags: fields.labels() }),
  cached: question({
    cacheKey: fields.text(LIMITS.cacheKeyLength),
    digests: Type.Array(NamedDigest, { maxItems: LIMITS.digests }),
  }),
  start: question({
    project: Type.Optional(fields.name()),
    flow: fields.name(),
    parameters: Type.Optional(fields.json()),
    name: Type.Optional(fields.name()),
    labels: Type.Optional(fields.labels()),
    idempotencyKey: fields.name(),
    scheduledStartTime: Type.Optional(fields.epochMs()),
  }),
  outcome: question({ runId: fields.id() }),
  kvGet: question({ key: fields.name() }),
  // The gate looks at the value, as it does for all who write one.
  kvSet: question({ ...kvWrite, number: Type.Optional(fields.ordinal()), value: fields.json() }),
  kvDelete: question(kvWrite),
};

export const QUESTION_KINDS = Object.keys(checks) as QuestionKind[];

/** What is wrong with a question of a child; null when nothing is. */
export function questionProblem(ask: AskMessage): string | null {
  const check = checks[ask.ask];
  if (!check.Check(ask)) return misfit(check, ask);
  return ask.ask === "start" && ask.parameters !== undefined ? jsonProblem(ask.parameters, "parameters") : null;
}
