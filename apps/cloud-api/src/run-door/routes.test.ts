import { Agent, request } from "node:http";
import type { AddressInfo } from "node:net";
import { DASHBOARD_PAGES, dashboardFiles } from "@weir/cloud-dashboard";
import { makeId, RUN_DOOR } from "@weir/protocol";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildApp } from "../app.ts";
import { Readiness } from "../readiness.ts";
import { pino } from "pino";
import { openDatabase } from "../database/index.ts";
import { beginSession } from "../people/sessions.ts";
import { createWake } from "../wake/wake.ts";
import { registerAuth } from "./auth.ts";
import { type DoorFixture, startDoor } from "./testing/door-fixture.ts";

interface Route {
  readonly method: string;
  readonly url: string;
  readonly auth: string | undefined;
}

let door: DoorFixture;
let app: FastifyInstance;
const routes: Route[] = [];
/** Guarded routes whose handler was reached. */
const reached: string[] = [];
const connections = new Agent({ keepAlive: true, maxSockets: 8 });
const stops: (() => Promise<unknown>)[] = [];

// The same app as in production, listed from inside: a route that is added tomorrow is in the list without anyone remembering this test.
beforeAll(async () => {
  door = await startDoor();
  const { url } = door.config.database as { url: string };
  const database = openDatabase({ url });
  const log = pino({ level: "silent" });
  const wake = createWake(url, log);
  const readiness = new Readiness(database.pool);
  readiness.set(null);
  app = await buildApp({ database, secrets: door.secrets, wake, config: door.config, log, readiness }, (route) => {
    const auth = route.config?.auth;
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, auth });
    const { handler } = route;
    if (auth === "public") return;
    route.handler = function noted(...asked) {
      reached.push(route.url);
      return handler.apply(this, asked);
    };
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  stops.push(
    () => database.close(),
    () => wake.close(),
    () => app.close(),
  );
});
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
  await door.stop();
});

const guarded = () => routes.filter(({ auth }) => auth !== "public");

test("every route says who may call it, and the public ones are the two of health, ways to sign in and files of pages", () => {
  expect(routes.length).toBeGreaterThan(8);
  const open = routes.filter(({ auth }) => auth === "public");
  expect(open.filter(({ method }) => method !== "GET").map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST /auth/login",
    "POST /auth/sign-up",
    "POST /auth/invitation",
    "POST /auth/invitation/accept",
    "POST /auth/cli/exchange",
  ]);
  const ofDashboard = new Set([...DASHBOARD_PAGES, ...dashboardFiles().map(({ path }) => path)]);
  const read = open.filter(({ method, url }) => method === "GET" && !ofDashboard.has(url)).map(({ url }) => url);
  expect(read.toSorted()).toEqual([
    "/auth/cli",
    "/auth/invitation",
    "/auth/login",
    "/auth/page.css",
    "/auth/page.js",
    "/auth/sso",
    "/auth/sso/callback",
    "/auth/ways",
    "/livez",
    "/readyz",
  ]);
});

test("the run door is what the line declares, no more and no less", () => {
  const served = routes
    .filter(({ url }) => url.startsWith("/v1"))
    .map(({ method, url, auth }) => `${method} ${url} ${auth}`);
  expect(served.toSorted()).toEqual(
    Object.values(RUN_DOOR)
      .map(({ method, path, token }) => `${method} ${path} ${token}`)
      .toSorted(),
  );
});

/** The token of a person's session. */
async function signedIn(): Promise<string> {
  const [userId, membershipId] = [makeId(), makeId()];
  await door.pool.query("insert into users (id, email) values ($1, 'ada@x.example')", [userId]);
  await door.pool.query("insert into memberships (id, tenant_id, user_id, role) values ($1, $2, $3, 'owner')", [
    membershipId,
    door.tenantId,
    userId,
  ]);
  const { tenantId } = door;
  return (await beginSession(door.pool, door.secrets, { tenantId, membershipId, method: "password" })).token;
}

const everyLetterEncoded = (path: string) =>
  path.replaceAll(/[a-z]/gi, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** Other ways to write an address, some of which have opened doors elsewhere. */
function variants(url: string): string[] {
  const at = url.replace(":id", "01890000-0000-7000-8000-000000000000");
  const encoded = at.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return [
    at,
    encoded,
    at.toUpperCase(),
    `${at}/`,
    `/${at}`,
    `${at}/livez`,
    `${at}/../livez`,
    `${at}%2flivez`,
    `${at};/livez`,
    `${at}?/livez`,
    `${at}%00`,
    `/livez/..${at}`,
    `/readyz%2f..${at}`,
    `/./${at.slice(1)}`,
    `${at}.json`,
    `${at}#livez`,
    everyLetterEncoded(at),
    everyLetterEncoded(at).replaceAll("%", "%25"),
    at.replaceAll("/", "//"),
    `/${at.slice(1).replaceAll("/", "%2f")}`,
    `/${at.slice(1).replaceAll("/", "\\")}`,
    `${at}//`,
    `${at}%20`,
    `${at}.`,
    `${at}%3f`,
    `${at}%0d%0a`,
    `${at}?authorization=Bearer%20null`,
    `http://127.0.0.1${at}`,
  ];
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Sends the address exactly as it is written: `fetch` and `inject` would tidy it up. */
function statusOf(method: string, path: string): Promise<number> {
  const { port } = app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, agent: connections }, (reply) => {
      reply.resume().once("end", () => resolve(reply.statusCode ?? 0));
    });
    asked.once("error", reject).end();
  });
}

test("no guarded route answers without a credential, however its address is written", async () => {
  const open: string[] = [];
  for (const written of guarded().flatMap(({ url }) => variants(url))) {
    const asked = METHODS.map(async (method) => [method, await statusOf(method, written)] as const);
    for (const [method, status] of await Promise.all(asked)) {
      if (status !== 401 && status !== 404) open.push(`${method} ${written} ${status}`);
    }
  }
  expect(open).toEqual([]);
  expect(reached).toEqual([]);
  const headers = { authorization: `Bearer ${door.userKey}` };
  await app.inject({ method: "POST", url: "/graphql", headers, payload: { query: "{ viewer { scope } }" } });
  expect(reached).toEqual(["/graphql"]);
});

test("no guarded route takes a credential of another kind, a made-up one, or one in the wrong place", async () => {
  const agent = await door.enrol();
  await door.create();
  const run = await agent.claimOne();
  const keys = { "agent-key": door.agentKey, session: agent.session, run: run.runToken, user: door.userKey };
  // In a cookie it would be right: people/sign-in.test.ts.
  const credentials = { ...keys, person: await signedIn() };
  for (const { method, url, auth } of guarded()) {
    const at = url.replace(":id", run.runId);
    const wrong = Object.entries(credentials).filter(([kind]) => kind !== auth);
    for (const token of [...wrong.map(([, value]) => value), "made-up", "", "null"]) {
      const reply = await app.inject({
        method: method as "POST",
        url: at,
        headers: { authorization: `Bearer ${token}` },
        payload: {},
      });
      expect([url, [401, 403].includes(reply.statusCode)]).toEqual([url, true]);
    }
    const right = credentials[auth as keyof typeof credentials];
    for (const headers of [
      { authorization: right },
      { authorization: `Basic ${right}` },
      { cookie: `authorization=${right}` },
    ]) {
      const reply = await app.inject({
        method: method as "POST",
        url: `${at}?authorization=${right}`,
        headers,
        payload: {},
      });
      expect([url, reply.statusCode]).toEqual([url, 401]);
    }
  }
});

test("a route that does not say who may call it cannot be registered", async () => {
  const bare = Fastify();
  registerAuth(bare, { ...door, database: {}, lanes: {} } as never);
  expect(() => bare.get("/forgotten", () => "open")).toThrow("The route GET /forgotten does not say who may call it");
  await bare.close();
});

test("errors are JSON with a code and a sentence, and what is not the client's is masked", async () => {
  const unknown = await app.inject({ method: "GET", url: "/nothing/here?with=query" });
  expect([unknown.statusCode, unknown.json()]).toEqual([
    404,
    { code: "NOT_FOUND", message: "There is no GET /nothing/here here." },
  ]);
  const refused = await app.inject({ method: "POST", url: "/v1/claims" });
  expect(refused.headers["www-authenticate"]).toBe("Bearer");
  expect(refused.json()).toMatchObject({ code: "UNAUTHENTICATED" });
  expect(refused.headers["content-security-policy"]).toBeDefined();
});

test("livez and readyz need nothing", async () => {
  expect((await app.inject("/livez")).json()).toEqual({ live: true });
  expect((await app.inject("/readyz")).json()).toEqual({ ready: true });
});
