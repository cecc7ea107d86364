import { type BoundaryAction, type Failure, LIMITS } from "@weir/protocol";
import type { Told } from "../plan.ts";
import { failureInstead, plainText, readFailure } from "./failures.ts";
import { type Means, roomFor, sealedBy } from "./means.ts";
import { treatText, WITHHELD } from "./texts.ts";

/** What an event says of an error. */
export interface Telling {
  readonly message?: string;
  readonly failure?: Failure;
}

const SEALED_SENTENCE = "Sealed for the recipients of the boundary policy.";

/** What becomes of an event's message and failure, which are of one error. */
export function treatTold(
  event: Readonly<Record<string, unknown>>,
  told: Told,
  action: BoundaryAction,
  means: Means,
): Telling {
  const { message, failure } = event;
  if (action === "id-only" && means.keepsErrors && means.subject.runId !== null) return byId(event, means);
  const place = { dataClass: "exception", maxLength: told.messageLength } as const;
  const kind = action === "id-only" ? "drop" : action;
  const text = typeof message === "string" ? treatText(message, place, kind, means) : undefined;
  return telling(text, failure === undefined ? undefined : treatFailure(failure, kind, means));
}

function telling(message: string | undefined, failure: Failure | undefined): Telling {
  return { ...(message === undefined ? {} : { message }), ...(failure === undefined ? {} : { failure }) };
}

function treatFailure(failure: unknown, action: BoundaryAction, means: Means): Failure {
  const { notes } = means.crossing;
  if (action === "drop") {
    notes.note("exception", "dropped");
    return failureInstead("Withheld", WITHHELD, failure);
  }
  if (action === "seal") return sealedFailure(failure, means);
  const text = (value: string, maxLength: number): string =>
    treatText(value, { dataClass: "exception", maxLength }, action, means) ?? "";
  return readFailure(failure, text, LIMITS.artifactBytes);
}

function sealedFailure(failure: unknown, means: Means): Failure {
  const room = roomFor(means, LIMITS.sealedFailureLength);
  const sealed = sealedBy(means, JSON.stringify(readFailure(failure, plainText, room)), "exception");
  if (sealed === null) return treatFailure(failure, "drop", means);
  means.crossing.notes.note("exception", "sealed");
  return { ...failureInstead("Sealed", SEALED_SENTENCE, failure), sealed };
}

/** One id for message and failure: who reads either finds both in the agent's log. */
function byId(event: Readonly<Record<string, unknown>>, means: Means): Telling {
  const { message, failure, at, state, number } = event;
  const { subject, keyed, crossing } = means;
  const whole = telling(
    typeof message === "string" ? plainText(message, LIMITS.messageBytes) : undefined,
    failure === undefined ? undefined : readFailure(failure, plainText, LIMITS.sealedFailureLength),
  );
  const run = subject.runId ?? "";
  const id = keyed.errorId(run, whole);
  const place = typeof number === "number" ? { number } : {};
  crossing.errors.set(id, { id, at: Number(at), run, ...place, state: String(state), ...whole });
  crossing.notes.note("exception", "id-only");
  const sentence = `${id} — the text is in the log of the agent; \`weir errors show ${id}\` prints it there.`;
  return telling(
    message === undefined ? undefined : sentence,
    failure === undefined ? undefined : failureInstead("Withheld", sentence, failure),
  );
}
