/** When a person looked at the overview, in milliseconds since 1970. */
export interface Visits {
  /** When the visit before this one ended. */
  readonly before: number;
  /** When the overview was seen last. */
  readonly latest: number;
}

/** Whoever was away for longer comes back, and begins another visit. */
const PAUSE_MS = 15 * 60_000;
/** What somebody who was never here before has missed. */
const FIRST_MS = 24 * 3_600_000;

/** The visits as they are once the overview is seen at a moment. */
export function seenAt(now: number, visits: Visits | null): Visits {
  if (visits === null) return { before: now - FIRST_MS, latest: now };
  return { before: now - visits.latest > PAUSE_MS ? visits.latest : visits.before, latest: now };
}

const PLACE = "weir-visits";

/** Notes that the overview is seen now. Answers since when the person was away. */
export function noteVisit(): number {
  const visits = seenAt(Date.now(), readVisits(localStorage.getItem(PLACE)));
  localStorage.setItem(PLACE, JSON.stringify(visits));
  return visits.before;
}

/** From now on, what was there is known. */
export function noteAllSeen(): number {
  const now = Date.now();
  localStorage.setItem(PLACE, JSON.stringify({ before: now, latest: now }));
  return now;
}

/** Null for whatever is no visits. */
export function readVisits(text: string | null): Visits | null {
  try {
    const { before, latest } = (JSON.parse(text ?? "null") ?? {}) as Partial<Visits>;
    return typeof before === "number" && typeof latest === "number" ? { before, latest } : null;
  } catch {
    return null;
  }
}
