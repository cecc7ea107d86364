import { type BoundaryAction, cleanText, cutText, type DataClass } from "@weir/protocol";
import { GateError } from "../gate-error.ts";
import { isPseudonym } from "../keyed.ts";
import { type Means, roomFor, sealedBy } from "./means.ts";

/** What stands where a text would stand that the policy does not let out. */
export const WITHHELD = "Withheld by the boundary policy.";

/** A text of one class, and how many characters the schema gives it. */
export interface TextPlace {
  readonly dataClass: DataClass;
  readonly maxLength: number;
}

/** What becomes of a text; undefined: the field is left out. @throws GateError INVALID for what has no such form outside a run */
export function treatText(text: string, place: TextPlace, action: BoundaryAction, means: Means): string | undefined {
  switch (action) {
    case "send":
      return sentText(text, place, means);
    case "redact":
      return redactedText(text, place, means);
    case "pseudonym":
      return pseudonymOf(text, place.dataClass, means);
    case "seal":
      return sealedText(text, place, means);
    case "id-only":
      if (means.subject.runId === null) throw withoutRun(place.dataClass, action);
      return droppedText(place, means);
    case "drop":
      return droppedText(place, means);
  }
}

function sentText(text: string, { dataClass, maxLength }: TextPlace, { crossing }: Means): string {
  crossing.notes.note(dataClass, "sent");
  // A location that is cut leads nowhere. One that is too long for the schema is told by it.
  if (dataClass === "location") return text;
  const cut = cutText(cleanText(text), maxLength);
  if (cut.length < text.length) crossing.notes.note(dataClass, "cut");
  return cut;
}

// Secrets are struck out before the text is cut: the other way round, a secret that stands across the cut would leave its first half.
function redactedText(text: string, place: TextPlace, means: Means): string {
  return shownText(text, means.redactor.redact(text), place, means);
}

/** What is shown of a text from which secrets were struck out. */
export function shownText(
  text: string,
  redacted: string,
  { dataClass, maxLength }: TextPlace,
  { crossing }: Means,
): string {
  const cut = cutText(cleanText(redacted), maxLength);
  crossing.notes.note(dataClass, "sent");
  if (redacted !== text) crossing.notes.note(dataClass, "redacted");
  else if (cut.length < text.length) crossing.notes.note(dataClass, "cut");
  return cut;
}

/** A pseudonym, and which text it stands for is noted. What is one already stays what it is: a store of the user's made it. */
function pseudonymOf(text: string, dataClass: DataClass, { keyed, crossing }: Means): string {
  crossing.notes.note(dataClass, "pseudonym");
  if (isPseudonym(text)) return text;
  const pseudonym = keyed.pseudonym(text);
  crossing.pseudonyms.set(pseudonym, text);
  return pseudonym;
}

// Not redacted before: the recipients are people whom the user named, and what was struck out could not be had back. Cut before: half of a
// sealed text opens for nobody.
function sealedText(text: string, place: TextPlace, means: Means): string | undefined {
  const { dataClass, maxLength } = place;
  if (means.subject.runId === null) throw withoutRun(dataClass, "seal");
  const plain = cleanText(text);
  const room = roomFor(means, maxLength);
  // A location that is cut leads nowhere, so one that would be too long when sealed goes as a pseudonym, which says no more.
  if (dataClass === "location" && Buffer.byteLength(plain) > room) return pseudonymOf(text, dataClass, means);
  const sealed = sealedBy(means, cutText(plain, room), dataClass);
  if (sealed === null)
    return dataClass === "location" ? pseudonymOf(text, dataClass, means) : droppedText(place, means);
  means.crossing.notes.note(dataClass, "sealed");
  return sealed;
}

/** Log lines must have a text. */
function droppedText({ dataClass }: TextPlace, { crossing }: Means): string | undefined {
  crossing.notes.note(dataClass, "dropped");
  return dataClass === "log" ? "" : undefined;
}

function withoutRun(dataClass: DataClass, action: BoundaryAction): GateError {
  return new GateError(
    "INVALID",
    `The boundary policy says "${action}" for the class "${dataClass}", which is not possible outside of a run: there is no run's key to seal with, and no agent's log to keep it in. Nothing was sent; leave the text out.`,
  );
}
