/**
 * Operations that a person sent or is writing, kept in this browser. Their text alone: neither variables nor answers, which may hold data of
 * users.
 */

const DRAFT = "weir-console-draft";
const SENT = "weir-console-sent";
const MOST = 30;
/** Longer ones are not kept. Characters. */
const LONGEST = 20_000;

/** What was being written when the page was left; null: nothing. */
export const keptDraft = (): string | null => localStorage.getItem(DRAFT);

export function keepDraft(text: string): void {
  if (text.length <= LONGEST) localStorage.setItem(DRAFT, text);
}

/** Operations that were sent, the newest first. */
export function keptQueries(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(SENT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((text) => typeof text === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Keeps an operation; one that was kept before moves to the front. */
export function keepQuery(text: string): readonly string[] {
  const query = text.trim();
  if (query === "" || query.length > LONGEST) return keptQueries();
  const kept = [query, ...keptQueries().filter((each) => each !== query)].slice(0, MOST);
  localStorage.setItem(SENT, JSON.stringify(kept));
  return kept;
}

export function forgetQueries(): void {
  localStorage.removeItem(SENT);
}
