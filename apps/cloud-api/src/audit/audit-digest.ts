import { createHmac } from "node:crypto";
import { digestText } from "../digest-text.ts";
import type { CloudSecrets } from "../secrets.ts";

/**
 * A digest for the audit log: keyed, since much of what people ask for can be guessed (a number of slots, a name), and one tenant's alone.
 * @param value anything that JSON can hold
 * @returns hex. Equal values of a tenant have equal digests.
 */
export function auditDigest({ digestKey }: Pick<CloudSecrets, "digestKey">, tenantId: string, value: unknown): string {
  return createHmac("sha256", digestKey).update(tenantId).update(digestText(value)).digest("hex");
}
