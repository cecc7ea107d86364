import { canonicalJson } from "@weir/protocol";

/**
 * What a digest of something that was asked for is counted over: equal values have equal texts. What is nested too deep to be written is one text,
 * whatever it is; a question of that kind is refused by whoever it was meant for.
 */
export function digestText(value: unknown): string {
  try {
    return canonicalJson(value) ?? "";
  } catch (error) {
    // The stack has overflown.
    if (error instanceof RangeError) return "nested too deep";
    throw error;
  }
}
