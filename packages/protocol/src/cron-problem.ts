// The grammar is closed, and narrower than what the cloud's library takes: what is accepted here means one thing, and a test compares.

interface Field {
  readonly what: string;
  readonly least: number;
  readonly most: number;
  /** Names of the values from `least` on. */
  readonly names: readonly string[];
  /** Forms beyond numbers, ranges and steps. */
  readonly special: RegExp;
}

const NOTHING = /^(?!)$/;

const FIELDS: readonly Field[] = [
  { what: "minute", least: 0, most: 59, names: [], special: NOTHING },
  { what: "hour", least: 0, most: 23, names: [], special: NOTHING },
  // L: the last day. 15W: the weekday nearest to the 15th.
  { what: "day of the month", least: 1, most: 31, names: [], special: /^(?:L|(?:[1-9]|[12]\d|3[01])W)$/ },
  {
    what: "month",
    least: 1,
    most: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    special: NOTHING,
  },
  // 5#2: the second Friday. 5L: the last one. 7 is Sunday, as 0 is.
  {
    what: "day of the week",
    least: 0,
    most: 7,
    names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    special: /^(?:[0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:#[1-5]|L)$/,
  },
];

export const CRON_NICKNAMES = ["@hourly", "@daily", "@weekly", "@monthly", "@yearly"] as const;

/**
 * Says what is wrong with a cron expression, or null.
 * @example cronProblem("0 25 * * *") // 'its hour "25" is not within 0 to 23'
 */
export function cronProblem(expression: string): string | null {
  if (expression.startsWith("@"))
    return CRON_NICKNAMES.some((nickname) => nickname === expression)
      ? null
      : `it knows ${CRON_NICKNAMES.join(", ")}, and not ${JSON.stringify(expression)}`;
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== FIELDS.length)
    return `it has ${expression.trim() === "" ? 0 : parts.length} fields instead of five: minute, hour, day of the month, month, day of the week`;
  return firstOf(FIELDS, (field, i) => fieldProblem(field, (parts[i] ?? "").toUpperCase()));
}

function fieldProblem(field: Field, text: string): string | null {
  return firstOf(text.split(","), (part) => partProblem(field, part));
}

function partProblem(field: Field, part: string): string | null {
  if (field.special.test(part)) return null;
  const [range = "", step, ...more] = part.split("/");
  const told = `its ${field.what} ${JSON.stringify(part)}`;
  if (more.length > 0) return `${told} has two steps`;
  return rangeProblem(field, range, step !== undefined, told) ?? stepProblem(field, step, told);
}

function rangeProblem(field: Field, range: string, stepped: boolean, told: string): string | null {
  if (range === "*") return null;
  const [low, high, ...more] = range.split("-").map((value) => valueOf(field, value));
  if (low === undefined || low === null || high === null || more.length > 0)
    return `${told} is not within ${field.least} to ${field.most}`;
  if (high === undefined) return stepped ? `${told} has a step, which only * and a range take` : null;
  return low < high ? null : `${told} is a range that does not go upwards`;
}

function stepProblem(field: Field, step: string | undefined, told: string): string | null {
  if (step === undefined || (/^[1-9]\d?$/.test(step) && Number(step) <= field.most)) return null;
  return `${told} has the step ${JSON.stringify(step)}, which is not within 1 to ${field.most}`;
}

function valueOf(field: Field, text: string): number | null {
  const named = field.names.indexOf(text);
  if (named >= 0) return field.least + named;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= field.least && value <= field.most ? value : null;
}

function firstOf<T>(items: readonly T[], problem: (item: T, i: number) => string | null): string | null {
  for (const [i, item] of items.entries()) {
    const found = problem(item, i);
    if (found !== null) return found;
  }
  return null;
}
