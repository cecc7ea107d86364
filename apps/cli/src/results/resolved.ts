import { join, resolve } from "node:path";
import { Dictionary, findPolicy, isPseudonym, Keyed } from "@weir/gate";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { directoryOf, hmacKeyOf } from "../ledger/options.ts";

/**
 * The true location that a pseudonym of the gate stands for; any other text comes back as it is. Null: a pseudonym that the dictionary does
 * not know, of a store of the flow's own perhaps.
 */
export async function resolvedLocation(
  io: Io,
  location: string,
  directory: string | undefined,
): Promise<string | null> {
  if (!isPseudonym(location)) return location;
  const agent = directoryOf(io, directory);
  const key = hmacKeyOf(io, agent);
  if (key === undefined) return null;
  const { dictionary } = await findPolicy(io.cwd, io.env);
  const found = await new Dictionary(dictionary ?? join(agent, "locations"), new Keyed(key)).find(new Set([location]));
  return found.get(location) ?? null;
}

/** @throws CliError with what could be tried */
export function unresolved(io: Io, directory: string | undefined): CliError {
  const agent = resolve(directoryOf(io, directory));
  const message = `The cloud knows only a pseudonym of this result, and the dictionary of the agent in ${agent} does not say what it stands for. Name the directory of the agent that ran the task (--directory), or, where the flow uses a pseudonymous store, the flow's file (--flow).`;
  return new CliError(EXIT.notFound, "PSEUDONYM_UNKNOWN", message);
}
