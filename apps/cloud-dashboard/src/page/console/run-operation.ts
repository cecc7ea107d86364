import { eventsOf } from "../cloud/event-stream.ts";
import { Refused } from "../cloud/refused.ts";
import { AWAY } from "../cloud/ask.ts";
import { credentialHeaders } from "../session/credential.ts";

/** What is sent. */
export interface Asked {
  readonly query: string;
  readonly variables: object;
  readonly operationName: string | null;
}

/** One answer, or one message of a subscription. */
export interface Answered {
  /** JSON, as people read it. */
  readonly text: string;
  /** Fields that the answer could have had, and how many are served; null: the cloud did not say it. */
  readonly cost: { readonly asked: number; readonly limit: number } | null;
  readonly bytes: number;
  /** Since it was asked. */
  readonly milliseconds: number;
}

/**
 * Asks the cloud what a person typed, and tells each message as it comes: refusals too, since they are answers.
 * @throws Refused where the cloud cannot be reached
 */
export async function* runOperation(asked: Asked, isStream: boolean, signal: AbortSignal): AsyncGenerator<Answered> {
  const began = performance.now();
  const headers = { ...credentialHeaders(), accept: isStream ? "text/event-stream" : "application/json" };
  const reply = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(asked), signal }).catch(
    (error: unknown) => {
      if (signal.aborted) throw error;
      throw new Refused("UNREACHABLE", AWAY);
    },
  );
  const answered = (text: string) => answeredOf(text, performance.now() - began);
  if (reply.headers.get("content-type")?.startsWith("text/event-stream") !== true) {
    yield answered(await reply.text());
    return;
  }
  for await (const { event, data } of eventsOf(textsOf(reply))) {
    if (event === "complete") return;
    yield answered(data);
  }
}

/** Reads one answer. What is no JSON is told as it came. */
export function answeredOf(text: string, milliseconds: number): Answered {
  const bytes = new TextEncoder().encode(text).length;
  try {
    const value = JSON.parse(text) as { readonly extensions?: { readonly cost?: Answered["cost"] } };
    return { text: JSON.stringify(value, null, 2), cost: value.extensions?.cost ?? null, bytes, milliseconds };
  } catch {
    return { text, cost: null, bytes, milliseconds };
  }
}

async function* textsOf(reply: Response): AsyncGenerator<string> {
  const reader = (reply.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
