import { cleanText, LIMITS } from "@weir/protocol/limits";

/** @throws TypeError saying what a name must be. */
export function checkedName(kind: string, name: unknown): string {
  if (typeof name === "string" && name.length > 0 && name.length <= LIMITS.nameLength) return cleanText(name);
  throw new TypeError(`The name of a ${kind} must be a text of 1 to ${LIMITS.nameLength} characters.`);
}

/** @throws TypeError saying what labels and tags must be. */
export function checkedLabels(kind: string, labels: readonly string[]): readonly string[] {
  if (labels.length > LIMITS.labels)
    throw new TypeError(`${labels.length} ${kind}s are too many; the most is ${LIMITS.labels}.`);
  return labels.map((label) => checkedName(kind, label));
}

/** A name that is rendered from data is cut, not refused; an empty one is none. */
export function shownName(name: string | undefined): string | undefined {
  return name === undefined || name === "" ? undefined : cleanText(name.slice(0, LIMITS.nameLength));
}
