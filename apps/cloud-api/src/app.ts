import helmet from "@fastify/helmet";
import { type RefusalBody, Refusal } from "@weir/protocol";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RouteOptions,
} from "fastify";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { CloudConfig } from "./config.ts";
import { serveDashboard } from "./dashboard/serve-dashboard.ts";
import type { Database } from "./database/index.ts";
import { KnownRuns } from "./flow-runs/known-runs.ts";
import { registerGraphql } from "./graphql/server.ts";
import { registerHealth } from "./health.ts";
import { shedOverload } from "./overload.ts";
import { registerPeople } from "./people/people-routes.ts";
import { readJson } from "./read-json.ts";
import { limitRates } from "./rates/limit-rates.ts";
import { Rates } from "./rates/rates.ts";
import type { Readiness } from "./readiness.ts";
import { toRefusal } from "./refusals/to-refusal.ts";
import { registerAuth } from "./run-door/auth.ts";
import { registerRunDoor } from "./run-door/index.ts";
import type { CloudSecrets } from "./secrets.ts";
import { SlotGranter } from "./task-limits/slot-granter.ts";
import { registerExport } from "./tenant-holdings/export/export-route.ts";
import { type Remembered, remembering } from "./tokens/remembering.ts";
import { readRunPass, type RunPass } from "./tokens/tokens.ts";
import { RunHints } from "./wake/run-hints.ts";
import type { Wake } from "./wake/wake.ts";

/** What the app stands on. */
export interface AppDeps {
  readonly database: Database;
  /** Connections of the run door's own: neither people's queries nor a crowd of claims can take the last one from the reports. Absent: `database` serves all. */
  readonly lanes?: { readonly claims: Pool; readonly reports: Pool };
  readonly secrets: CloudSecrets;
  readonly wake: Wake;
  readonly config: CloudConfig;
  readonly log: Logger;
  readonly readiness: Readiness;
}

/** What the run door stands on. */
export interface DoorDeps extends AppDeps {
  readonly lanes: NonNullable<AppDeps["lanes"]>;
  readonly passes: Remembered<RunPass>;
  readonly knownRuns: KnownRuns;
  readonly hints: RunHints;
  readonly granter: SlotGranter;
  readonly rates: Rates;
}

/** Largest body where a route says nothing else. */
const BODY_BYTES = 64 * 1024;

/** Builds the app without listening. Nothing here reads the environment or the process. `onRoute` hears of every route. */
export async function buildApp(
  deps: AppDeps,
  onRoute: (route: RouteOptions) => void = () => {},
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.log,
    // One line per request would be twenty a second per run; errors are logged where they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    // Whoever writes a line about a request names it. A logger of each request's own would be held for as long as a long-poll is.
    childLoggerFactory: (logger) => logger,
    bodyLimit: BODY_BYTES,
    // Of a request through others, the address is what the first of these that is not known says: anybody can write a header.
    trustProxy: deps.config.trustedProxies.length === 0 ? false : [...deps.config.trustedProxies],
    exposeHeadRoutes: false,
    // What Fastify says of an address before it looks for its route: no error handler hears of it otherwise.
    frameworkErrors: (_error, request, reply) =>
      void sendRefusal(reply, new Refusal("NOT_FOUND", `There is no ${request.method} here: the address is none.`)),
    // A request that trickles in must not hold a socket for ever; long-polls are slow on the way out, not on the way in.
    requestTimeout: 30_000,
    // Above the 30 s of a long-poll and above common proxies' 60 s, so that the proxy closes first and no request meets a closed socket.
    keepAliveTimeout: 75_000,
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: 200,
    },
  }) as unknown as FastifyInstance;
  app.setErrorHandler((error, request, reply) => sendError(error as FastifyError, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendRefusal(reply, new Refusal("NOT_FOUND", `There is no ${request.method} ${request.url.split("?")[0]} here.`)),
  );
  closeConnectionsAtTheEnd(app);
  app.addHook("onRoute", onRoute);
  readJson(app);
  await secureReplies(app);
  await shedOverload(app, deps.config.overload);
  const door = doorDeps(deps);
  registerAuth(app, door);
  limitRates(app, door.rates);
  registerHealth(app, deps.readiness);
  await registerRunDoor(app, door);
  await registerGraphql(app, door);
  registerExport(app, door);
  await registerPeople(app, deps);
  serveDashboard(app);
  return app;
}

/** Sets the headers of helmet when a reply is sent: set as a request comes in, they are 2 kB of each long-poll that waits. */
async function secureReplies(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: { useDefaults: true },
    crossOriginEmbedderPolicy: false,
  });
  app.addHook("onSend", async (_request, reply) => {
    // A request that Fastify itself refuses has met no hook before this one.
    void (reply.helmet as FastifyReply["helmet"] | null)?.();
  });
}

function doorDeps(deps: AppDeps): DoorDeps {
  const { pool } = deps.database;
  const lanes = deps.lanes ?? { claims: pool, reports: pool };
  return {
    ...deps,
    lanes,
    passes: remembering((token) => readRunPass(deps.secrets, token)),
    knownRuns: new KnownRuns(lanes.reports),
    rates: new Rates(deps.config.rates, () => performance.now()),
    hints: new RunHints(pool),
    granter: new SlotGranter(lanes.reports, (error) =>
      deps.log.warn({ err: error }, "free slots could not be granted; the loop slot-keeper does it"),
    ),
  };
}

const CLOSE_IDLE_MS = 50;

/**
 * A server that closes waits for its connections, and closes the idle ones once, at the beginning. One that gave its last answer after that
 * would be waited for until its keep-alive is over, 75 seconds.
 */
function closeConnectionsAtTheEnd(app: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined;
  app.addHook("preClose", async () => {
    timer = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_MS);
  });
  app.addHook("onClose", async () => clearInterval(timer));
}

function sendError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toRefusal(error);
  if (refusal !== null) return sendRefusal(reply, refusal);
  request.log.error({ err: error, requestId: request.id }, "a request failed for a reason of the cloud's own");
  const masked = `The cloud failed to answer; the reason is in its log under request ${request.id}. Try again.`;
  return sendRefusal(reply, new Refusal("INTERNAL", masked));
}

function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const body: RefusalBody = refusal.toBody();
  if (body.retryAfterSeconds !== undefined) void reply.header("retry-after", String(Math.ceil(body.retryAfterSeconds)));
  if (refusal.status === 401) void reply.header("www-authenticate", "Bearer");
  return reply.code(refusal.status).type("application/json; charset=utf-8").send(body);
}
