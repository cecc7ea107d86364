import { Refusal } from "@weir/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AppDeps } from "../app.ts";
import { auditPeople } from "../audit/audit-people.ts";
import { checkSchemas } from "../check-schemas.ts";
import { acrossTenants } from "../database/tenant-scope.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { checkedEmail } from "./accounts.ts";
import { registerSecondFactor } from "./device-routes.ts";
import { acceptInvitation, showInvitation } from "./invitations.ts";
import {
  ACCEPT_INVITATION,
  CHANGE_PASSWORD,
  LOGIN,
  SHOW_INVITATION,
  SIGN_UP,
  SWITCH_TENANT,
} from "./people-messages.ts";
import { addProgramLogin, servePages } from "./page-routes.ts";
import { type AddRoute, type PeopleAnswer, present } from "./people-route.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { clearCookie, SESSION_COOKIE, setSession } from "./session-cookie.ts";
import { beginSession, endSession } from "./sessions.ts";
import { changePassword, signIn, signUp, switchTenant } from "./sign-in.ts";
import { registerSso } from "./sso-routes.ts";
import { whoAmI } from "./who-am-i.ts";

/** `/auth/*`: how people come in and go out. Everything that a browser sends here must come from the cloud's own origin. */
export async function registerPeople(app: FastifyInstance, deps: AppDeps): Promise<void> {
  await app.register(async (door) => {
    checkSchemas(door);
    const add: AddRoute = (auth, { url, body, handle }) => {
      door.route({
        method: "POST",
        url,
        config: { auth },
        ...(body === undefined ? {} : { schema: { body } }),
        handler: async (request, reply) => {
          requireOwnPage(request, deps);
          const { person, principal, ip: address } = request;
          const asked = { body: request.body as never, address, person, principal };
          const answer = await acrossTenants("accounts of people are of no tenant", () =>
            auditPeople(deps, { url, ...asked }, () => handle(asked)),
          );
          return send(reply, answer);
        },
      });
    };
    addSignIn(add, deps);
    addAccount(add, deps);
    addInvitations(add, deps);
    registerSecondFactor(add, deps);
    registerSso(door, deps);
    addProgramLogin(add, deps);
    servePages(door);
    // What the sign-in page may offer, before anybody is known.
    door.get("/auth/ways", { config: { auth: "public" } }, (_request, reply) =>
      send(reply, { body: { signUp: deps.config.signUp === "open" } }),
    );
    door.get("/auth/session", { config: { auth: "person" } }, async (request, reply) => {
      const person = present(request.person);
      return send(reply, {
        body: await acrossTenants("the tenants of one person", () => whoAmI(deps.database.pool, person)),
      });
    });
  });
}

/** Of routes that are open to everybody: a page of another site shall not sign anybody in. Programs that are no browser send no origin. */
function requireOwnPage(request: FastifyRequest, { config }: AppDeps): void {
  if (request.headers.origin !== undefined) requireSameOrigin(request, config.publicUrl);
}

function send(reply: FastifyReply, { session, isOver, body }: PeopleAnswer): FastifyReply {
  if (session !== undefined) setSession(reply, session);
  if (isOver === true) clearCookie(reply, SESSION_COOKIE);
  void reply.header("cache-control", "no-store");
  return body === undefined ? reply.code(204).send() : reply.send(body);
}

function addSignIn(add: AddRoute, { database: { pool }, secrets, config }: AppDeps): void {
  add("public", {
    url: "/auth/login",
    body: LOGIN,
    handle: async ({ body: { email, ...rest }, address }) => ({
      session: await signIn(pool, secrets, { email: email.trim().toLowerCase(), address, ...rest }),
    }),
  });
  add("public", {
    url: "/auth/sign-up",
    body: SIGN_UP,
    handle: async ({ body: { email, password, name, tenant } }) => {
      if (config.signUp === "closed")
        throw new Refusal(
          "FORBIDDEN",
          "Nobody can sign up here; ask a member to invite you, or the operator for a tenant.",
        );
      const wanted = {
        email: checkedEmail(email),
        password,
        name: name === undefined ? null : checkedName("name", name),
        tenant: checkedName("tenant", tenant),
      };
      return { session: await signUp(pool, secrets, wanted) };
    },
  });
}

function addAccount(add: AddRoute, { database: { pool }, secrets }: AppDeps): void {
  add("person", {
    url: "/auth/tenant",
    body: SWITCH_TENANT,
    handle: async ({ body, person }) => ({
      session: await switchTenant(pool, secrets, present(person), body.tenantId),
    }),
  });
  add("person", {
    url: "/auth/password",
    body: CHANGE_PASSWORD,
    handle: async ({ body, address, person }) => {
      const { user } = await whoAmI(pool, present(person));
      return { session: await changePassword(pool, secrets, present(person), { email: user.email, address, ...body }) };
    },
  });
  add("person", {
    url: "/auth/logout",
    handle: async ({ person }) => {
      await endSession(pool, present(person).sessionId);
      return { isOver: true };
    },
  });
}

function addInvitations(add: AddRoute, { database: { pool }, secrets }: AppDeps): void {
  add("public", {
    url: "/auth/invitation",
    body: SHOW_INVITATION,
    handle: async ({ body }) => ({ body: await showInvitation(pool, secrets, body.token) }),
  });
  add("public", {
    url: "/auth/invitation/accept",
    body: ACCEPT_INVITATION,
    handle: async ({ body: { name, ...body }, address }) => {
      const checked = name === undefined ? undefined : checkedName("name", name);
      const member = await acceptInvitation(pool, secrets, { ...body, name: checked, address });
      return { session: await beginSession(pool, secrets, { ...member, method: "password" }) };
    },
  });
}
