interface Key {
  readonly revokedAt: string | null;
  readonly expiresAt: string | null;
  readonly replacedBy: string | null;
}

/** How a key stands. `rotated`: another took its place, and it is good until it expires. @param now milliseconds since 1970 */
export type KeyStanding = "good" | "rotated" | "expired" | "revoked";

export function standingOf({ revokedAt, expiresAt, replacedBy }: Key, now: number): KeyStanding {
  if (revokedAt !== null) return "revoked";
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return "expired";
  return replacedBy === null ? "good" : "rotated";
}
