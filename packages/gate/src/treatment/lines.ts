import type { LogEvent } from "@weir/protocol";
import type { Redactor } from "../redaction/redactor.ts";
import type { Subject } from "./means.ts";

/**
 * Texts of the log lines that are to be redacted, struck through, by the index of their event. The lines of one logger of one task are taken
 * together: a secret may begin in one and go on in the next, where each line for itself shows half of it.
 */
export function redactLines(
  events: readonly unknown[],
  subject: Subject,
  redactor: Redactor,
): ReadonlyMap<number, string> {
  const shown = new Map<number, string>();
  for (const indexes of linesByWriter(events, subject).values()) {
    const texts = redactor.redactAll(indexes.map((index) => (events[index] as LogEvent).text));
    for (const [at, index] of indexes.entries()) shown.set(index, texts[at] ?? "");
  }
  return shown;
}

function linesByWriter(events: readonly unknown[], subject: Subject): Map<string, number[]> {
  const byWriter = new Map<string, number[]>();
  for (let index = 0; index < events.length; index += 1) {
    const event = events[index] as Partial<LogEvent> | null;
    const actions = subject.actionsFor(event);
    if (event?.kind !== "log" || typeof event.text !== "string" || actions.log !== "redact") continue;
    const writer = `${event.number ?? ""} ${event.logger ?? ""}`;
    const indexes = byWriter.get(writer);
    if (indexes) indexes.push(index);
    else byWriter.set(writer, [index]);
  }
  return byWriter;
}
