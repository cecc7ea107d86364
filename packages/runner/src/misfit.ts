import type { Validator } from "typebox/compile";

/** The first thing that does not fit a schema: where and why, never the value. */
export function misfit(check: Validator, value: unknown): string {
  const first = check.Errors(value)[0];
  return `${first?.instancePath ?? ""} ${first?.message ?? "does not fit"}`.trim();
}
