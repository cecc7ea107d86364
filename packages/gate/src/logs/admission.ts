import { type LogEvent, LOG_LEVELS, type LogLevel, type RunEvent } from "@weir/protocol";
import type { LogLine } from "../run-scope.ts";
import type { Actions } from "../scope/decisions.ts";
import { judged, type LogFilter } from "./log-filter.ts";

/** What decides about lines and artifacts before they are events of a run. */
export interface AdmissionRules {
  readonly level: LogLevel | null;
  readonly logFilter: LogFilter | null;
  readonly actionsFor: (event: RunEvent) => Actions;
  readonly taskOf: (event: LogEvent) => string | null;
  readonly origin: { readonly project: string; readonly flow: string };
}

/** Whether a line is below the level that may leave. */
export function isBelow(level: LogLevel | null, line: LogEvent): boolean {
  return level !== null && LOG_LEVELS[line.level] < LOG_LEVELS[level];
}

/** The event as it is to be recorded; null: not at all, so that nothing of it leaves, not even that it was. */
export function admitted(event: RunEvent, rules: AdmissionRules): RunEvent | null {
  const actions = rules.actionsFor(event);
  if (event.kind === "artifact") return actions.artifact === "drop" ? null : event;
  if (event.kind !== "log") return event;
  if (actions.log === "drop" || isBelow(rules.level, event)) return null;
  return rules.logFilter === null ? event : filtered(event, rules.logFilter, rules);
}

function filtered(event: LogEvent, logFilter: LogFilter, { origin, taskOf }: AdmissionRules): LogEvent | null {
  const { at, level, text, logger } = event;
  const line: LogLine = {
    at,
    level,
    text,
    ...(logger === undefined ? {} : { logger }),
    ...origin,
    task: taskOf(event),
  };
  const shown = judged(logFilter, line);
  if (shown === null) return null;
  return shown === text ? event : { ...event, text: shown };
}
