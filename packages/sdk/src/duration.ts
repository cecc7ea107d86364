const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

type Unit = keyof typeof UNIT_MS;

/**
 * A length of time: a number of milliseconds, or a number with its unit.
 * @example
 * const delay: Duration = "1.5h"; // also "10s", "250ms", "3m", "2d", 500
 */
export type Duration = number | `${number}${Unit}`;

const SHAPE = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

function parse(duration: string): number {
  const [, amount, unit] = SHAPE.exec(duration) ?? [];
  return Number(amount) * UNIT_MS[unit as Unit];
}

/**
 * Milliseconds of a duration.
 * @throws TypeError saying what a duration looks like; types catch most of these before.
 */
export function durationMs(duration: Duration, name: string): number {
  const ms = typeof duration === "number" ? duration : parse(duration);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new TypeError(
    `${name} is ${JSON.stringify(duration)}, which is no duration. Write milliseconds or a number with its unit: 500, "250ms", "10s", "1.5h".`,
  );
}
