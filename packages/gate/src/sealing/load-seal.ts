import type * as Seal from "@weir/protocol/seal";

/** JOSE is loaded by what seals or opens: a run under the default policy needs it not, and it costs 15 ms. */
export function loadSeal(): Promise<typeof Seal> {
  return import("@weir/protocol/seal");
}
