import type { ReportFacts } from "./entry.ts";

/** What the ledger notes of a message's body: attempt, numbers and kinds of its events. Nothing of what they say. */
export function reportFacts(body: unknown): ReportFacts {
  if (typeof body !== "object" || body === null) return {};
  const { attempt, first, events } = body as Partial<Record<"attempt" | "first" | "events", unknown>>;
  if (typeof attempt !== "number") return {};
  if (typeof first !== "number" || !Array.isArray(events) || events.length === 0) return { attempt };
  return { attempt, first, last: first + events.length - 1, kinds: kindsOf(events) };
}

function kindsOf(events: readonly unknown[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    const kind = String((event as { kind?: unknown } | null)?.kind);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
