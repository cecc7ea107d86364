import { thumbprintOf } from "./keys.ts";
import type { Trust } from "./trust.ts";

/** A key of a trust file as people compare it. */
export interface Fingerprint {
  readonly role: "inside" | "reader" | "signer";
  readonly name: string;
  /** RFC 7638 thumbprint of the key. */
  readonly kid: string;
}

/** Every key that a trust file names. */
export async function fingerprints({ inside, recipients, signers }: Trust): Promise<readonly Fingerprint[]> {
  return [
    { role: "inside", name: "inside", kid: inside.kid },
    ...recipients.map(({ name, jwk }) => ({ role: "reader" as const, name, kid: jwk.kid })),
    ...(await Promise.all(
      signers.map(async ({ name, jwk }) => ({ role: "signer" as const, name, kid: await thumbprintOf(jwk) })),
    )),
  ];
}

/** What another trust file would change: keys that come, and keys that go. */
export interface TrustChange {
  readonly change: "added" | "removed";
  readonly key: Fingerprint;
}

const same = (a: Fingerprint, b: Fingerprint): boolean => a.role === b.role && a.name === b.name && a.kid === b.kid;

/** Differences between two lists of keys; a key that was replaced is removed and added. */
export function changesBetween(before: readonly Fingerprint[], after: readonly Fingerprint[]): readonly TrustChange[] {
  const removed = before.filter((key) => !after.some((other) => same(key, other)));
  const added = after.filter((key) => !before.some((other) => same(key, other)));
  return [
    ...removed.map((key) => ({ change: "removed" as const, key })),
    ...added.map((key) => ({ change: "added" as const, key })),
  ];
}
