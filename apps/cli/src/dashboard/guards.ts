import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Refusal } from "@weir/protocol";

/** By which a page knows that this process printed its address, and this process that the page came from there. */
export interface Own {
  readonly port: number;
  /** `weir_p_…`, which the page sends where it would send a key. */
  readonly secret: string;
}

/**
 * Refuses what was sent to another name than this machine's own: a page of the open net whose name now leads here would have these files and this door
 * for its own.
 * @throws Refusal FORBIDDEN
 */
export function requireOwnHost({ host }: IncomingHttpHeaders, { port }: Own): void {
  if (host === `127.0.0.1:${port}` || host === `localhost:${port}`) return;
  throw new Refusal("FORBIDDEN", `This is the dashboard at http://127.0.0.1:${port}/, and has no other name.`);
}

/**
 * Refuses what does not come from the page that this process served to whoever read its address: pages of other sites, and other people of this machine.
 * @throws Refusal
 */
export function requireOwnPage(headers: IncomingHttpHeaders, own: Own): void {
  const { host, origin, authorization = "", "content-type": type = "" } = headers;
  if (origin !== `http://${host}`)
    throw new Refusal("FORBIDDEN", "This answers its own page alone, and the question came from elsewhere.");
  if (!/^application\/json\b/i.test(type)) throw new Refusal("UNSUPPORTED_MEDIA_TYPE", "The body must be JSON.");
  if (!isSame(authorization, `Bearer ${own.secret}`)) throw new Refusal("UNAUTHENTICATED", REOPEN);
}

/** For whoever comes without the secret, or with that of a process that has ended. */
export const REOPEN =
  "`weir dashboard` has the key for this page. Open the address that it printed: it is another one each time it is started.";

function isSame(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
