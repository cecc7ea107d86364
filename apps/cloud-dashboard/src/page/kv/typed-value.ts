import type { Json } from "@weir/protocol";

/**
 * What a person typed, as `weir kv set` reads it: JSON where it is JSON, a text otherwise.
 * @example readTypedValue("2026-01-31") // "2026-01-31"
 */
export function readTypedValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
