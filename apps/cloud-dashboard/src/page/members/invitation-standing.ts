interface Invitation {
  readonly acceptedAt: string | null;
  readonly revokedAt: string | null;
  readonly expiresAt: string;
}

/** What became of an invitation. @param now milliseconds since 1970 */
export function standingOf(
  { acceptedAt, revokedAt, expiresAt }: Invitation,
  now: number,
): "accepted" | "taken back" | "expired" | "open" {
  if (acceptedAt !== null) return "accepted";
  if (revokedAt !== null) return "taken back";
  return Date.parse(expiresAt) <= now ? "expired" : "open";
}
