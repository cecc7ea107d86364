import type { Json } from "@weir/protocol";
import { durationText } from "../../ui/time-text.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * When slots of a schedule come, in a few words; null: its definition is not shown, or is sealed.
 * @example clockText({ clock: { cron: "0 6 * * *" } }) // "0 6 * * *"
 */
export function clockText(definition: Json | null): string | null {
  const { clock, ...rest } = Object(definition) as Fields;
  const { everySeconds, cron, dates, rrule } = Object(clock) as Fields;
  const words = [
    typeof everySeconds === "number" && `every ${durationText(everySeconds * 1_000)}`,
    typeof cron === "string" && cron,
    typeof rrule === "string" && rrule,
    Array.isArray(dates) && `${dates.length} ${dates.length === 1 ? "date" : "dates"}`,
  ].find((word) => typeof word === "string");
  if (words === undefined) return null;
  const filters = ["all", "any", "none"].reduce((count, name) => count + lengthOf(rest[name]), 0);
  return `${words}${filters === 0 ? "" : `, ${filters} ${filters === 1 ? "filter" : "filters"}`}`;
}

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
