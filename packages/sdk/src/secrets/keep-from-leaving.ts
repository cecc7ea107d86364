import { frames } from "../context/frame.ts";
import type { Sink } from "../engine/sink.ts";

/** Secrets that were read while no run was begun: by a module of the user's that connects while it is loaded. */
const early = new Set<string>();

/** Registers values with the gate of the run that the calling code is part of. An empty text is no secret: everything holds one. */
export function keepFromLeaving(values: readonly string[]): void {
  const telling = values.filter((value) => value !== "");
  if (telling.length === 0) return;
  const frame = frames.getStore();
  if (frame === undefined) for (const value of telling) early.add(value);
  else frame.facts.redact(telling);
}

/** Registers what was read before any run with the gate of the run that begins now, or that fails before it has begun. */
export function keepEarlySecrets(sink: Pick<Sink, "redact">): void {
  if (early.size > 0) sink.redact([...early]);
}
