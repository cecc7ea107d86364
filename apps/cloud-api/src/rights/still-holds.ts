import { beyond, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { checkKeyById, type Principal } from "../api-keys/api-keys.ts";

/**
 * Tells whether a credential is still good for all that it was good for, as a stream asks while it goes on.
 * @throws Refusal UNAUTHENTICATED, KEY_EXPIRED or KEY_REVOKED; FORBIDDEN when its rights became less
 */
export async function requireStillHolds(pool: Pool, principal: Principal): Promise<void> {
  if (principal.keyId === undefined) throw new Refusal("UNAUTHENTICATED", "This credential opens no streams.");
  const now = await checkKeyById(pool, principal.keyId);
  const lost = beyond(principal.permissions, now.permissions);
  if (lost.length > 0)
    throw new Refusal("FORBIDDEN", `The rights of this credential became less (${lost.join(", ")}). Subscribe again.`);
}
