import type { FastifyReply, FastifyRequest } from "fastify";
import type { NewSession } from "./sessions.ts";

// `__Host-`: a browser takes it only with Secure, without Domain and for the whole host, so that no neighbour's page can set it. Over plain HTTP, browsers
// take it from localhost alone, and Safari not even from there: docs/operate.md says so.

/** The cookie of people's sessions. */
export const SESSION_COOKIE = "__Host-weir-session";

const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax";

/** The value of a cookie; null when the browser sent none. */
export function cookieOf(request: FastifyRequest, name: string): string | null {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

/** Gives the browser a cookie. */
export function setCookie(reply: FastifyReply, name: string, value: string, maxAgeSeconds: number): void {
  void reply.header("set-cookie", `${name}=${value}; Max-Age=${maxAgeSeconds}; ${ATTRIBUTES}`);
}

/** Takes a cookie away. */
export function clearCookie(reply: FastifyReply, name: string): void {
  setCookie(reply, name, "", 0);
}

/** Gives the browser a session. */
export function setSession(reply: FastifyReply, { token, maxAgeSeconds }: NewSession): void {
  setCookie(reply, SESSION_COOKIE, token, maxAgeSeconds);
}
