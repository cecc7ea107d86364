import { STATE_NAMES, type StateName } from "@weir/protocol/state";

/** Which moment of a run a span of time is about. */
export const RUN_MOMENTS = ["created", "started", "ended"] as const;
export type RunMoment = (typeof RUN_MOMENTS)[number];

/** Spans that end now. `today` begins at midnight in the zone that the person chose. */
export const SPANS = ["1h", "today", "24h", "7d", "30d"] as const;
export type Span = (typeof SPANS)[number];

/** What the address of the runs page says after its `?`. What is absent narrows nothing. */
export interface RunsSearch {
  /** Any of these. */
  readonly state?: readonly StateName[];
  readonly flow?: string;
  readonly project?: string;
  /** All of these. */
  readonly label?: readonly string[];
  /** Part of the name. */
  readonly name?: string;
  readonly agent?: string;
  readonly schedule?: string;
  /** Id of the run that started it. */
  readonly parent?: string;
  /** Whether it was started with any. */
  readonly parameters?: boolean;
  /** Its time is past, and no agent has it. */
  readonly late?: boolean;
  /** What `since`, `from` and `to` are about; absent: `created`. */
  readonly time?: RunMoment;
  readonly since?: Span;
  /** ISO 8601; only without `since`. */
  readonly from?: string;
  readonly to?: string;
}

const TEXTS = ["flow", "project", "name", "agent", "schedule", "parent"] as const;

/** Whatever is not understood is left out. Lists may be written with commas, as a person types them. */
export function readRunsSearch(given: Record<string, unknown>): RunsSearch {
  const since = SPANS.find((span) => span === given["since"]);
  const states = listOf(given["state"]).filter((name): name is StateName =>
    STATE_NAMES.some((known) => known === name),
  );
  return present({
    state: filled(states),
    label: filled(listOf(given["label"])),
    ...Object.fromEntries(TEXTS.map((name) => [name, textOf(given[name])])),
    parameters: flagOf(given["parameters"]),
    late: flagOf(given["late"]),
    time: RUN_MOMENTS.find((moment) => moment === given["time"] && moment !== "created"),
    since,
    from: since === undefined ? momentOf(given["from"]) : undefined,
    to: since === undefined ? momentOf(given["to"]) : undefined,
  });
}

/** The router reads what looks like JSON as such: a flow may well be called `42`. */
function textOf(given: unknown): string | undefined {
  if (!["string", "number", "boolean"].includes(typeof given)) return undefined;
  return String(given).slice(0, 200) || undefined;
}

function listOf(given: unknown): string[] {
  const parts = Array.isArray(given) ? given : (textOf(given)?.split(",") ?? []);
  return parts.slice(0, 50).flatMap((part) => textOf(part)?.trim() || []);
}

const filled = <T>(list: readonly T[]) => (list.length === 0 ? undefined : [...new Set(list)]);

const flagOf = (given: unknown) => (typeof given === "boolean" ? given : undefined);

function momentOf(given: unknown): string | undefined {
  const at = typeof given === "string" ? Date.parse(given) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Without what is undefined, so that two searches that mean the same are equal as text. */
function present<T extends object>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as never;
}
