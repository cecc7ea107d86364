import { STATE_NAMES, type StateName } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

/** Options that narrow runs down, by their names. */
export interface FilterOptions {
  readonly state?: readonly string[];
  readonly flow?: string;
  readonly project?: string;
  readonly label?: readonly string[];
  readonly name?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly startedAfter?: string;
  readonly startedBefore?: string;
  readonly onAgent?: string;
  readonly parent?: string;
  readonly schedule?: string;
}

/** Moments, as text of their options' names. */
const MOMENTS = ["createdAfter", "createdBefore", "startedAfter", "startedBefore"] as const;

/** The filter that was typed. @throws CliError for a state or a moment that is none */
export function filterOf(options: FilterOptions) {
  const { state = [], flow, project, label = [], name, onAgent, parent, schedule } = options;
  const given = { flow, project, nameContains: name, agent: onAgent, parent, schedule };
  const moments = MOMENTS.flatMap((option) => {
    const text = options[option];
    return text === undefined ? [] : [[option, moment(option, text)] as const];
  });
  return {
    ...(state.length === 0 ? {} : { state: state.map(stateName) }),
    ...(label.length === 0 ? {} : { labels: [...label] }),
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<
      Record<keyof typeof given, string>
    >),
    ...(Object.fromEntries(moments) as Partial<Record<(typeof MOMENTS)[number], string>>),
  };
}

function stateName(text: string): StateName {
  const found = STATE_NAMES.find((state) => state.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  const message = `${JSON.stringify(text)} is no state. --state takes one of ${STATE_NAMES.join(", ")}.`;
  throw new CliError(EXIT.usage, "INVALID", message);
}

function moment(option: string, text: string): string {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  const flag = option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CliError(
    EXIT.usage,
    "INVALID",
    `--${flag} takes a moment such as 2026-11-21T09:00:00Z, not ${JSON.stringify(text)}.`,
  );
}
