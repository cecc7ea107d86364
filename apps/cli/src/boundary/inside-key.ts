import type { OwnBoundary } from "../connection/own-boundary.ts";
import type { Io } from "../io.ts";

/** Whether something can be sealed here: the trust file has the inside key's public half, or the settings of an agent are at hand. */
export function hasInsideKey({ env }: Pick<Io, "env">, { insideKeys }: Pick<OwnBoundary, "insideKeys">): boolean {
  return insideKeys.length > 0 || Boolean(env.WEIR_AGENT_SEAL_KEY_FILE);
}
