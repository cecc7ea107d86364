import { Refusal } from "@weir/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticateKey, checkKeyById, type Principal } from "../api-keys/api-keys.ts";
import { isWithin } from "../api-keys/networks.ts";
import type { DoorDeps } from "../app.ts";
import { DeniedCredentials } from "../audit/denied-credential.ts";
import { acrossTenants, inScope, type TenantScope } from "../database/tenant-scope.ts";
import { requireSameOrigin } from "../people/same-origin.ts";
import { cookieOf, SESSION_COOKIE } from "../people/session-cookie.ts";
import { readSession as readPersonSession, type SignedIn } from "../people/sessions.ts";
import { readSession, type RunPass, type Session } from "../tokens/tokens.ts";
import { remembering } from "../tokens/remembering.ts";

/**
 * Which credential opens a route. `user`: a key of a person or program, or the cookie of a person's session; `person`: that cookie alone, for what is of the
 * person and not of the tenant; `public` opens it to everybody.
 */
export type RouteAuth = "agent-key" | "session" | "run" | "user" | "person" | "public";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Required: a route without it fails at registration. */
    auth?: RouteAuth;
  }
  interface FastifyRequest {
    /** Of routes with auth `user` or `agent-key`. */
    principal: Principal | null;
    /** Of routes with auth `person`, and of `user` where the browser's cookie opened it. */
    person: SignedIn | null;
    /** Of routes with auth `session`. */
    session: Session | null;
    /** Of routes with auth `run`. */
    runPass: RunPass | null;
    /** Whose rows the request's statements see: nobody's, until its credential was read. */
    scope: TenantScope;
  }
}

/**
 * Who may call a route is an attribute of the route, and the default is a refusal at registration: no path, prefix or suffix is ever
 * compared to decide it.
 */
export function registerAuth(app: FastifyInstance, deps: DoorDeps): void {
  app.decorateRequest("principal", null);
  app.decorateRequest("person", null);
  app.decorateRequest("session", null);
  app.decorateRequest("runPass", null);
  app.addHook("onRoute", ({ method, url, config }) => {
    if (config?.auth !== undefined) return;
    throw new Error(`The route ${String(method)} ${url} does not say who may call it: give it config.auth.`);
  });
  openScopes(app);
  const authenticate = authenticators(deps);
  const denied = new DeniedCredentials(deps.database.pool, () => performance.now());
  const orNote = async <T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal) await denied.note(request, error);
      throw error;
    }
  };
  app.addHook("onRequest", async (request) => {
    // An address that is no route has no attribute: its handler answers 404 and nothing else.
    const auth = request.routeOptions.config.auth;
    if (auth === undefined || auth === "public") return;
    const opened = isOfBrowser(auth, request)
      ? () => authenticatePerson(request, deps)
      : () => authenticate[auth as BearerAuth](request, bearer(request));
    request.scope.tenant = await acrossTenants("whose credential it is", () => orNote(request, opened));
  });
}

/** Entered again once the body was read: its events come in the scope of whatever the socket served before. */
function openScopes(app: FastifyInstance): void {
  app.decorateRequest("scope");
  app.addHook("onRequest", (request, _reply, done) => {
    request.scope = { tenant: null };
    inScope(request.scope, done);
  });
  app.addHook("preHandler", (request, _reply, done) => inScope(request.scope, done));
}

/** Answers with the tenant of the credential. */
type Authenticate = (request: FastifyRequest, token: string) => Promise<string>;

/** What the header `authorization` opens. */
type BearerAuth = Exclude<RouteAuth, "public" | "person">;

function authenticators({ database, lanes, secrets, passes }: DoorDeps): Record<BearerAuth, Authenticate> {
  const key =
    (scope: Principal["scope"]): Authenticate =>
    async (request, token) => {
      const principal = await authenticateKey(database.pool, secrets, token, request.ip);
      if (principal.scope !== scope) throw wrongScope(principal.scope, scope);
      request.principal = principal;
      return principal.tenantId;
    };
  // An agent comes back twice a minute for hours: its token is verified once. What may end it before its time is its key, which every call asks for.
  const sessions = remembering((token) => readSession(secrets, token), {
    trustMs: ({ expiresAt }) => expiresAt * 1000 - Date.now(),
  });
  return {
    user: key("user"),
    "agent-key": key("agent"),
    session: async (request, token) => {
      const read = await sessions.read(token);
      // Every call asks for the key behind the session: revoking an agent key ends its sessions.
      const { networks } = await checkKeyById(lanes.claims, read.keyId, request.ip);
      request.session = { ...read, networks };
      return read.tenantId;
    },
    run: async (request, token) => {
      const read = await passes.read(token);
      const { id } = request.params as { id?: string };
      // Identity comes from the token alone; the address must agree with it.
      if (id !== read.runId) throw new Refusal("FORBIDDEN", `This run token is not for flow run ${String(id)}.`);
      if (!isWithin(read.networks ?? [], request.ip))
        throw new Refusal(
          "FORBIDDEN",
          `This run token may not be used from ${request.ip}: the list of networks of its agent's key does not hold it.`,
        );
      request.runPass = read;
      return read.tenantId;
    },
  };
}

/** Whether the session's cookie decides. A key in the header, where one may be, goes before it. */
function isOfBrowser(auth: RouteAuth, request: FastifyRequest): boolean {
  if (auth === "person") return true;
  const hasCookie = () => cookieOf(request, SESSION_COOKIE) !== null;
  return auth === "user" && request.headers.authorization === undefined && hasCookie();
}

async function authenticatePerson(request: FastifyRequest, { database, secrets, config }: DoorDeps): Promise<string> {
  const cookie = cookieOf(request, SESSION_COOKIE);
  if (cookie === null)
    throw new Refusal("UNAUTHENTICATED", "The request carries no session of a person; sign in at /auth/login.");
  // A browser sends the cookie whoever's page asks it to.
  if (request.method !== "GET") requireSameOrigin(request, config.publicUrl);
  const person = await readPersonSession(database.pool, secrets, cookie);
  request.person = person;
  request.principal = person;
  return person.tenantId;
}

function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization;
  const token = header === undefined ? null : /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (token) return token;
  throw new Refusal(
    "UNAUTHENTICATED",
    "The request carries no credential: send `authorization: Bearer …` with a key or token of this cloud.",
  );
}

function wrongScope(has: Principal["scope"], needs: Principal["scope"]): Refusal {
  return new Refusal(
    "FORBIDDEN",
    `This address needs a key of scope "${needs}", but the one that was sent has scope "${has}". Make one with \`weir keys create --scope ${needs}\`.`,
  );
}
