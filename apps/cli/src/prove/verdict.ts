import { CHANNELS, type Channel } from "./channels.ts";
import type { Part } from "./parts.ts";
import type { ProofPolicy } from "./policies.ts";
import { type Find, type Place, PLACES } from "./search.ts";

/** What a search found of one channel in one place. */
export interface Cell {
  readonly place: Place;
  /** Whether the policy lets it be there. */
  readonly allowed: boolean;
  /** Whether it had to be found there: what is allowed and is not there shows that the search proves nothing. */
  readonly expected: boolean;
  readonly found: boolean;
  /** Where, and in which forms; ten at most. */
  readonly where: readonly string[];
  readonly verdict: "absent" | "present" | "leak" | "missing";
}

/** One channel under one policy. */
export interface Row {
  readonly channel: string;
  readonly title: string;
  readonly allowed: boolean;
  readonly cells: readonly Cell[];
}

/** Whether a policy lets the text of a channel out as it is. */
export function isAllowed({ classes, secret, dropped }: Channel, policy: ProofPolicy): boolean {
  if (dropped) return false;
  const mild = secret ? ["send"] : ["send", "redact"];
  return classes.some((dataClass) => mild.includes(policy.actionFor(dataClass)));
}

const MOST_WHERE = 10;

/** Judges what was found of one side's canaries. Parts that were not played have planted nothing. */
export function judge(policy: ProofPolicy, parts: readonly Part[], finds: readonly Find[]): Row[] {
  return CHANNELS.filter(({ part }) => parts.includes(part)).map((channel) => {
    const allowed = isAllowed(channel, policy);
    const of = finds.filter((find) => find.channel === channel.id);
    return {
      channel: channel.id,
      title: channel.title,
      allowed,
      cells: PLACES.map((place) =>
        cellOf(
          channel,
          allowed,
          place,
          of.filter((find) => find.place === place),
        ),
      ),
    };
  });
}

function cellOf(channel: Channel, allowedAtAll: boolean, place: Place, finds: readonly Find[]): Cell {
  // The cloud's own log holds nothing of users, whatever they let leave.
  const allowed = allowedAtAll && place !== "log";
  const expected = allowed && !(place === "answers" && channel.unasked === true);
  const found = finds.length > 0;
  const where = finds.slice(0, MOST_WHERE).map(({ name, form }) => `${name} (${form})`);
  const verdict = found ? (allowed ? "present" : "leak") : expected ? "missing" : "absent";
  return { place, allowed, expected, found, where, verdict };
}

/** What speaks against the proof. */
export function faultsOf(rows: readonly Row[]): { row: Row; cell: Cell }[] {
  return rows.flatMap((row) =>
    row.cells.flatMap((cell) => (cell.verdict === "leak" || cell.verdict === "missing" ? [{ row, cell }] : [])),
  );
}
