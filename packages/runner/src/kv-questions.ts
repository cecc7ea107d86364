import type { ReplyOf } from "@weir/client";
import type { BodyOf } from "@weir/gate";
import { type Answers, type AskMessage, makeId, Refusal } from "@weir/protocol";
import { askCloud, type AskDeps } from "./ask-cloud.ts";

export type KvAsk = Extract<AskMessage, { ask: "kvGet" | "kvSet" | "kvDelete" }>;
type Deps = AskDeps & { signal: AbortSignal };

/** What a child asks of the key-value store. A write has an id, so that one whose answer was lost is not done twice. */
export async function askKv(message: KvAsk, o: Deps): Promise<Answers[KvAsk["ask"]]> {
  const { attempt, scope } = o;
  if (message.ask === "kvGet") return scope.openKv(message.key, await ask("kvGet", { attempt, key: message.key }, o));
  const { key, expectedVersion } = message;
  const expected = expectedVersion === undefined ? {} : { expectedVersion };
  const write = { attempt, question: makeId(), key, ...expected };
  if (message.ask === "kvDelete") return ask("kvDelete", write, o);
  const { number, value } = message;
  return ask("kvSet", { ...write, value, ...(number === undefined ? {} : { number }) }, o);
}

async function ask<M extends KvAsk["ask"]>(message: M, body: BodyOf<M>, o: Deps): Promise<ReplyOf<M>> {
  try {
    return await askCloud(message, body, o);
  } catch (error) {
    // A key that is not there is an answer, and a run that is gone a stale attempt: what is not found is the address.
    if (!(error instanceof Refusal) || error.code !== "NOT_FOUND") throw error;
    throw new Refusal(
      "NOT_FOUND",
      `The cloud at ${o.client.url} has no key-value store for flows: it is older than this agent. Update the cloud.`,
    );
  }
}
