import type { BoundaryAction } from "@weir/protocol";
import { CHANNELS, type Channel } from "./channels.ts";
import type { Part } from "./parts.ts";
import type { ProofPolicy } from "./policies.ts";
import { type Find, type Place, PLACES } from "./search.ts";

/** What a search found of one channel in one place. */
export interface Cell {
  readonly place: Place;
  /** Whether the policy lets it be there. */
  readonly allowed: boolean;
  readonly found: boolean;
  /** Where, and in which forms; ten at most. */
  readonly where: readonly string[];
  /**
   * `missing`: it may be there and is not, which shows that the search proves nothing. `opens`: what was sent or answered is sealed, and opens with the
   * reader's key. `closed`: it does not. `kept`, `lost`: an id or a pseudonym left, and what it stands for is on the user's side, or is not.
   */
  readonly verdict: "absent" | "present" | "leak" | "missing" | "opens" | "closed" | "kept" | "lost";
}

/** One channel under one policy. */
export interface Row {
  readonly channel: string;
  readonly title: string;
  /** What the policy says of the classes that carry it. */
  readonly actions: readonly BoundaryAction[];
  readonly cells: readonly Cell[];
}

/** What was found of the canaries of one side. */
export interface Found {
  /** In what left, and with the cloud. */
  readonly finds: readonly Find[];
  /** Channels that a reader's key opens, in what was sent and in what the cloud answered. */
  readonly opened: Readonly<Record<"sent" | "answers", ReadonlySet<string>>>;
  /** Channels that the user's side keeps the text of. */
  readonly kept: ReadonlySet<string>;
}

/** Whether a policy lets the text of a channel out as it is. */
export function isAllowed(channel: Channel, policy: ProofPolicy): boolean {
  if (isHidden(channel, policy)) return false;
  const mild = channel.secret ? ["send"] : ["send", "redact"];
  return channel.classes.some((dataClass) => mild.includes(policy.actionFor(dataClass)));
}

/** Whether it may be in a place. The cloud's own log holds nothing of users, whatever they let leave. */
function isAllowedIn(place: Place, channel: Channel, policy: ProofPolicy): boolean {
  return channel.given === true ? place === "answers" : place !== "log" && isAllowed(channel, policy);
}

/** Whether it is struck out or left away whatever is said of its classes. */
function isHidden({ dropped, hidden }: Channel, { hides }: ProofPolicy): boolean {
  return dropped === true || (hidden !== undefined && hides.has(hidden));
}

/** Judges what was found of one side's canaries. Parts that were not played have planted nothing. */
export function judge(policy: ProofPolicy, parts: readonly Part[], found: Found): Row[] {
  return CHANNELS.filter(({ part }) => parts.includes(part)).map((channel) => {
    const actions = channel.classes.map((dataClass) => policy.actionFor(dataClass));
    const cells = PLACES.map((place) => cellOf(channel, policy, place, found));
    return { channel: channel.id, title: channel.title, actions, cells };
  });
}

const MOST_WHERE = 10;

function cellOf(channel: Channel, policy: ProofPolicy, place: Place, found: Found): Cell {
  const finds = found.finds.filter((find) => find.channel === channel.id && find.place === place);
  const allowed = isAllowedIn(place, channel, policy);
  const where = finds.slice(0, MOST_WHERE).map(({ name, form }) => `${name} (${form})`);
  return {
    place,
    allowed,
    found: finds.length > 0,
    where,
    verdict: verdictOf(channel, policy, { place, allowed }, found),
  };
}

function verdictOf(
  channel: Channel,
  policy: ProofPolicy,
  { place, allowed }: Pick<Cell, "place" | "allowed">,
  { finds, opened, kept }: Found,
): Cell["verdict"] {
  const isThere = finds.some((find) => find.channel === channel.id && find.place === place);
  if (isThere) return allowed ? "present" : "leak";
  const unasked = place === "answers" && channel.unasked === true;
  if (allowed) return unasked ? "absent" : "missing";
  if ((place !== "answers" && place !== "sent") || unasked || channel.secret || isHidden(channel, policy))
    return "absent";
  const actions = channel.classes.map((dataClass) => policy.actionFor(dataClass));
  if (policy.readers.length > 0 && actions.includes("seal")) return opened[place].has(channel.id) ? "opens" : "closed";
  if (place === "answers" && actions.some((action) => action === "id-only" || action === "pseudonym"))
    return kept.has(channel.id) ? "kept" : "lost";
  return "absent";
}

const FAULTS: ReadonlySet<Cell["verdict"]> = new Set(["leak", "missing", "closed", "lost"]);

/** What speaks against the proof. */
export function faultsOf(rows: readonly Row[]): { row: Row; cell: Cell }[] {
  return rows.flatMap((row) => row.cells.flatMap((cell) => (FAULTS.has(cell.verdict) ? [{ row, cell }] : [])));
}
