import type { AuditFilter, AuditOutcome } from "../generated/operations.ts";

/** How an operation may have gone; `asked` stands before each and is told apart. */
export const OUTCOMES = ["done", "refused", "denied", "failed", "asked"] as const satisfies readonly AuditOutcome[];

/** What became of an operation: all but the entries that were written before it was begun. */
const ENDS: readonly AuditOutcome[] = ["done", "refused", "denied", "failed"];

/** What the address says after its `?`; "": nothing. */
export interface AuditTexts {
  readonly action: string;
  readonly actor: string;
  /** With commas between. */
  readonly outcome: string;
  /** Days in UTC, 2026-01-31; both are part of what is shown. */
  readonly from: string;
  readonly until: string;
}

/** The outcomes that are shown. @example outcomesOf("denied,refused") // ["denied", "refused"] */
export function outcomesOf(text: string): readonly AuditOutcome[] {
  const named = OUTCOMES.filter((outcome) => text.split(",").includes(outcome));
  return named.length === 0 ? ENDS : named;
}

/** The address's text after an outcome was switched on or off; "" for those that are shown anyway. */
export function withOutcome(text: string, outcome: AuditOutcome): string {
  const shown = outcomesOf(text);
  const next = OUTCOMES.filter((each) => (each === outcome) !== shown.includes(each));
  return next.join(",") === ENDS.join(",") ? "" : next.join(",");
}

/** What the cloud is asked for. Days that are none are left out. */
export function filterOf({ action, actor, outcome, from, until }: AuditTexts): AuditFilter {
  const [begin, end] = [dayOf(from), dayOf(until)];
  return {
    outcome: outcomesOf(outcome),
    ...(action === "" ? {} : { action }),
    ...(actor === "" ? {} : { actorId: actor }),
    ...(begin === null ? {} : { from: begin.toISOString() }),
    ...(end === null ? {} : { before: new Date(end.getTime() + DAY_MS).toISOString() }),
  };
}

const DAY_MS = 86_400_000;

function dayOf(text: string): Date | null {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) ? day : null;
}
