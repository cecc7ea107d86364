import { frames } from "../context/frame.ts";

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

/** What was read before any run: a run that begins registers it with its gate. */
export function earlySecrets(): readonly string[] {
  return [...early];
}
