import { type BoundaryAction, type DataClass, isSealedJson, jsonProblem, LIMITS, SEALED_JSON } from "@weir/protocol";
import { GateError } from "../gate-error.ts";
import { isJwe } from "../sealing/is-jwe.ts";
import { type Means, roomFor, sealedBy } from "./means.ts";
import { treatText, WITHHELD } from "./texts.ts";

/** `{"$sealed":""}` */
const AROUND_SEALED = 14;

/** What becomes of a JSON value; undefined: the field is left out. */
export function treatJson(value: unknown, dataClass: DataClass, action: BoundaryAction, means: Means): unknown {
  return dataClass === "artifact" ? treatArtifact(value, action, means) : treatInput(value, dataClass, action, means);
}

/** Parameters and configuration, which are of no run yet: as they are, in a box of their own, or not at all. */
function treatInput(value: unknown, dataClass: DataClass, action: BoundaryAction, { crossing }: Means): unknown {
  // Sealed by whoever starts the run, for whomever they chose. Plain data under the name of sealed data is none.
  if (isSealedJson(value) && isJwe(value[SEALED_JSON])) {
    crossing.notes.note(dataClass, "sealed");
    return value;
  }
  if (action === "send") {
    crossing.notes.note(dataClass, "sent");
    return value;
  }
  if (action === "drop") {
    crossing.notes.note(dataClass, "dropped");
    return undefined;
  }
  const problem = jsonProblem(
    value,
    dataClass === "parameter" ? "the value of `parameters`" : `what is of the class "${dataClass}"`,
  );
  if (problem !== null) throw new GateError("INVALID", `Nothing was sent: ${problem}.`);
  crossing.notes.note(dataClass, "sealed");
  const target: Record<string, unknown> = {};
  crossing.boxes.push({ target, field: SEALED_JSON, plain: value });
  return target;
}

/** What is too large or too deep is withheld, visibly; it must not hold up the events around it. */
function treatArtifact(value: unknown, action: BoundaryAction, means: Means): unknown {
  if (action === "drop") {
    means.crossing.notes.note("artifact", "dropped");
    return WITHHELD;
  }
  const problem = jsonProblem(value, "it");
  if (problem !== null) return withhold(problem, means);
  if (action === "seal") return sealedArtifact(value, means);
  const treated = eachText(value, (text, maxLength) =>
    String(treatText(text, { dataClass: "artifact", maxLength }, action, means)),
  );
  const bytes = Buffer.byteLength(JSON.stringify(treated));
  if (bytes > LIMITS.artifactBytes)
    return withhold(`it has ${bytes} bytes, and ${LIMITS.artifactBytes} are allowed`, means);
  means.crossing.notes.note("artifact", "sent");
  return treated;
}

function sealedArtifact(value: unknown, means: Means): unknown {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  const room = roomFor(means, LIMITS.artifactBytes - AROUND_SEALED);
  if (bytes > room) return withhold(`it has ${bytes} bytes, and sealed it may have ${room}`, means);
  const sealed = sealedBy(means, text, "artifact");
  if (sealed === null) return treatArtifact(value, "drop", means);
  means.crossing.notes.note("artifact", "sealed");
  return { [SEALED_JSON]: sealed };
}

function withhold(reason: string, { crossing }: Means): string {
  crossing.notes.note("artifact", "withheld");
  return `[withheld by Weir: ${reason}]`;
}

/** The value with every text in it made anew: names of fields too, since they may be data. */
function eachText(value: unknown, work: (text: string, maxLength: number) => string): unknown {
  if (typeof value === "string") return work(value, LIMITS.artifactBytes);
  if (Array.isArray(value)) return value.map((item) => eachText(item, work));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [work(name, LIMITS.nameLength), eachText(inner, work)]);
  return Object.fromEntries(entries) as unknown;
}
