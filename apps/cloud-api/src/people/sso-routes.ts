import type { FastifyInstance, FastifyRequest } from "fastify";
import Type from "typebox";
import type { AppDeps } from "../app.ts";
import { auditPeople } from "../audit/audit-people.ts";
import { acrossTenants } from "../database/tenant-scope.ts";
import { clearCookie, cookieOf, setCookie, setSession } from "./session-cookie.ts";
import { beginSso, finishSso, SSO_SECONDS, tenantOfSso } from "./sso.ts";

const COOKIE = "__Host-weir-sso";
const CALLBACK = "/auth/sso/callback";
const START = Type.Object({ tenant: Type.String({ maxLength: 200 }) });

/** `/auth/sso?tenant=NAME` sends a browser to the tenant's provider, which sends it back to `/auth/sso/callback`. */
export function registerSso(door: FastifyInstance, deps: AppDeps): void {
  door.get<{ Querystring: { tenant: string } }>(
    "/auth/sso",
    { config: { auth: "public" }, schema: { querystring: START } },
    async (request, reply) => {
      const asked = { tenantName: request.query.tenant, redirectUri: `${originOf(request, deps)}${CALLBACK}` };
      const { location, cookie } = await acrossTenants("whose single sign-on it is", () => beginSso(deps, asked));
      setCookie(reply, COOKIE, cookie, SSO_SECONDS);
      return reply.header("cache-control", "no-store").redirect(location, 303);
    },
  );
  door.get(CALLBACK, { config: { auth: "public" } }, async (request, reply) => {
    const answer = new URL(request.url, originOf(request, deps));
    const cookie = cookieOf(request, COOKIE);
    // Whatever comes of it: it was for one answer.
    clearCookie(reply, COOKIE);
    const asked = {
      url: CALLBACK,
      body: null,
      address: request.ip,
      principal: null,
      tenantId: tenantOfSso(deps, cookie),
    };
    const { session } = await acrossTenants("whom a provider vouches for", () =>
      auditPeople(deps, asked, async () => ({ session: await finishSso(deps, answer, cookie) })),
    );
    setSession(reply, session);
    return reply.header("cache-control", "no-store").redirect("/", 303);
  });
}

/** Where this cloud stands for the browser. The provider has a list of addresses to which it sends anybody. */
function originOf(request: FastifyRequest, { config }: AppDeps): string {
  return config.publicUrl ?? `${request.protocol}://${request.host}`;
}
