import type { Zone } from "./time-zone.ts";

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/**
 * A span of milliseconds in its two largest units.
 * @example durationText(3_725_000); // "1h 2m"
 */
export function durationText(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds));
  if (whole < 1_000) return `${whole}ms`;
  if (whole < 10_000) return `${(whole / 1_000).toFixed(1)}s`;
  const at = UNITS.findIndex(([, size]) => whole >= size);
  const [name, size] = UNITS[at] ?? UNITS[3];
  const next = UNITS[at + 1];
  const rest = next === undefined ? 0 : Math.floor((whole % size) / next[1]);
  return `${Math.floor(whole / size)}${name}${next === undefined || rest === 0 ? "" : ` ${rest}${next[0]}`}`;
}

/** @example agoText(-90_000); // "in 1m 30s" */
export function agoText(milliseconds: number): string {
  if (Math.abs(milliseconds) < 1_000) return "now";
  return milliseconds < 0 ? `in ${durationText(-milliseconds)}` : `${durationText(milliseconds)} ago`;
}

/** A moment with its date and zone, to the millisecond. */
export function momentText(iso: string, zone: Zone): string {
  const timeZone = zone === "local" ? undefined : zone;
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZoneName: "short",
  }).format(new Date(iso));
}
