import { Refusal } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import { revokeApiKey } from "../api-keys/api-keys.ts";
import type { AppDeps } from "../app.ts";
import { exchangeLoginCode, makeLoginCode } from "./login-codes.ts";
import { PAGE_CSS, PAGE_HTML, PAGE_JS } from "./pages/page-html.ts";
import { ALLOW_PROGRAM, EXCHANGE_CODE } from "./people-messages.ts";
import { type AddRoute, present } from "./people-route.ts";

// Without `upgrade-insecure-requests`, as the dashboard's: it would keep the page from its own files over plain HTTP.
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FILES: readonly (readonly [path: string, type: string, body: string])[] = [
  ["/auth/login", "text/html; charset=utf-8", PAGE_HTML],
  ["/auth/invitation", "text/html; charset=utf-8", PAGE_HTML],
  ["/auth/cli", "text/html; charset=utf-8", PAGE_HTML],
  ["/auth/page.css", "text/css; charset=utf-8", PAGE_CSS],
  ["/auth/page.js", "text/javascript; charset=utf-8", PAGE_JS],
];

/** The page on which people sign in, join, and let `weir login` act for them: the same for everybody, without data. */
export function servePages(door: FastifyInstance): void {
  for (const [path, type, body] of FILES)
    door.get(path, { config: { auth: "public" } }, (_request, reply) =>
      reply.header("content-security-policy", CSP).header("cache-control", "no-cache").type(type).send(body),
    );
}

/** What `weir login` needs: a person allows it in the browser, and the program changes the code for a key; and what `weir logout` does with it. */
export function addProgramLogin(add: AddRoute, { database: { pool }, secrets }: AppDeps): void {
  add("person", {
    url: "/auth/cli/allow",
    body: ALLOW_PROGRAM,
    handle: async ({ body, person }) => ({
      body: { code: await makeLoginCode(pool, secrets, present(person), body.challenge) },
    }),
  });
  add("public", {
    url: "/auth/cli/exchange",
    body: EXCHANGE_CODE,
    handle: async ({ body }) => ({ body: await exchangeLoginCode(pool, secrets, body) }),
  });
  // Needs no right over keys: whoever has a key may end that one.
  add("user", {
    url: "/auth/cli/end",
    handle: async ({ principal }) => {
      const { tenantId, keyId } = principal ?? {};
      if (tenantId === undefined || keyId === undefined)
        throw new Refusal("INVALID", "There is no key to end: the request came with a session. Sign out instead.");
      await revokeApiKey(pool, { tenantId, id: keyId });
      return {};
    },
  });
}
