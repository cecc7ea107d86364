import { cleanText, LIMITS, Refusal } from "@weir/protocol";

/**
 * Takes a person's own words. Characters that Postgres cannot store are mended.
 * @param field what the refusal calls it
 * @throws Refusal INVALID for more than LIMITS.messageBytes bytes of UTF-8
 */
export function checkedMessage(field: string, message: string): string {
  const bytes = Buffer.byteLength(message);
  if (bytes <= LIMITS.messageBytes) return cleanText(message);
  throw new Refusal("INVALID", `${field} has ${bytes} bytes, at most ${LIMITS.messageBytes} are allowed.`);
}
