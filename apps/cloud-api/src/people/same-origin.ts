import { Refusal } from "@weir/protocol";
import type { FastifyRequest } from "fastify";

/**
 * Refuses what another site's page had a browser send with the person's cookie: whatever is changed must come from the cloud's own origin. Bodies
 * are `application/json` alone besides, which no form sends.
 * @param publicUrl where people reach the cloud; null: wherever this request went to
 * @throws Refusal FORBIDDEN
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string | null): void {
  const { origin } = request.headers;
  if (origin !== undefined && isOwn(origin, request.headers.host, publicUrl)) return;
  throw new Refusal(
    "FORBIDDEN",
    origin === undefined
      ? "A request with the session's cookie must say where it comes from: send the header `origin`, or a key in place of the cookie."
      : `The request comes from the page of another origin (${origin.slice(0, 200)}); use this cloud's own. Behind a proxy, WEIR_PUBLIC_URL says which that is.`,
  );
}

function isOwn(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  if (publicUrl !== null) return origin === new URL(publicUrl).origin;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host;
}
