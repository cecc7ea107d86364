import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { type AppDeps, buildApp } from "./app.ts";
import type { CloudConfig } from "./config.ts";
import {
  type Database,
  type DatabaseOptions,
  ensurePartitions,
  migrate,
  openDatabase,
  startEmbeddedPostgres,
} from "./database/index.ts";
import { type DatabaseUrls, databaseUrls } from "./database/connection-options.ts";
import { requireIsolation } from "./database/require-isolation.ts";
import { acrossTenants } from "./database/tenant-scope.ts";
import { cachedResultSweeper } from "./loops/cached-result-sweeper.ts";
import { childCanceller } from "./loops/child-canceller.ts";
import { idempotencySweeper } from "./loops/idempotency-sweeper.ts";
import { leaseSweeper } from "./loops/lease-sweeper.ts";
import { startLoops } from "./loops/loop.ts";
import { partitionKeepers } from "./loops/partition-keepers.ts";
import { schedulePlanner } from "./loops/schedule-planner.ts";
import { slotKeeper } from "./loops/slot-keeper.ts";
import { createLog } from "./own-log/create-log.ts";
import { Readiness } from "./readiness.ts";
import { isDatabaseAway } from "./refusals/to-refusal.ts";
import { createSecrets } from "./secrets.ts";
import { bootstrap, keepSecret, type LocalKeys } from "./tenants/bootstrap.ts";
import { createWake } from "./wake/wake.ts";

export interface RunningCloud {
  readonly url: string;
  readonly port: number;
  /** The keys of an embedded cloud, once it is ready; null with a database of one's own. */
  readonly keys: LocalKeys | null;
  /** Answers what is under way, ends long-polls, stops the loops, and then whatever was started. */
  stop(): Promise<void>;
}

/**
 * Per replica, beside the ten of people's queries and the one that listens: 27 together. Each claim and each report is one commit, and Postgres
 * writes those that wait together to disk at once: with four connections and a disk that takes 3 ms, 1,300 commits a second were the end.
 */
const CLAIM_CONNECTIONS = 8;
const REPORT_CONNECTIONS = 8;
/**
 * For the named statements of the run door. Each goes by a key, so one plan serves for all values: without this the planner
 * works on the claim afresh each time (0.8 ms of its 1 ms, measured), and on a young database prefers to read whole tables, since it
 * believes them to be small.
 */
const HOT_SETTINGS = { plan_cache_mode: "force_generic_plan", enable_seqscan: "off", jit: "off" };
const RETRY_MS = 500;
const RETRY_MOST_MS = 5_000;

/**
 * Starts a cloud: listens, migrates the database, starts the loops. When the database cannot be reached it listens all the same, says so
 * (/readyz 503, requests 503) and goes on trying; the promise resolves either way.
 * @throws Error when the secret, the address or the migrations cannot be used: waiting would not mend these.
 */
export async function startCloud(config: CloudConfig): Promise<RunningCloud> {
  const log = createLog(config.logLevel);
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const next of stops.splice(0).toReversed()) await next();
  };
  try {
    return await start(config, log, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  config: CloudConfig,
  log: Logger,
  stops: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<RunningCloud> {
  const directory = "embeddedDirectory" in config.database ? config.database.embeddedDirectory : null;
  const secrets = createSecrets(config.secret ?? keepSecret(directory ?? "."));
  const urls = await openUrls(config, log, stops);
  const open = (options: DatabaseOptions): Database => {
    const opened = openDatabase(options);
    stops.push(() => opened.close());
    return opened;
  };
  const database = open({ url: urls.app });
  const wake = createWake(urls.direct, log);
  stops.push(() => wake.close());
  const readiness = new Readiness(database.pool);
  const lanes = {
    claims: open({ url: urls.app, settings: HOT_SETTINGS, maxConnections: CLAIM_CONNECTIONS }).pool,
    reports: open({ url: urls.app, settings: HOT_SETTINGS, maxConnections: REPORT_CONNECTIONS }).pool,
  };
  const deps: AppDeps = { database, lanes, secrets, wake, config, log, readiness };
  const app = await buildApp(deps);
  stops.push(() => app.close());
  const address = await listen(app, config);
  const opened = { keys: null as LocalKeys | null };
  const opening = openWhenReachable(urls.owner, deps, stops, async () => {
    if (directory !== null) opened.keys = await bootstrap(database.pool, secrets, directory, address.url);
  });
  await opening;
  return {
    ...address,
    get keys() {
      return opened.keys;
    },
    stop,
  };
}

async function openUrls(config: CloudConfig, log: Logger, stops: (() => Promise<unknown>)[]): Promise<DatabaseUrls> {
  if ("url" in config.database) return databaseUrls(config.database);
  const embedded = await startEmbeddedPostgres({ directory: join(config.database.embeddedDirectory, "postgres"), log });
  stops.push(() => embedded.stop());
  return databaseUrls({ url: embedded.url });
}

const keepers = (pool: Pool, { sweepSeconds, scheduleSeconds }: CloudConfig, log: Logger) => [
  slotKeeper(pool, sweepSeconds),
  childCanceller(pool, sweepSeconds, log),
  cachedResultSweeper(pool),
  idempotencySweeper(pool),
  schedulePlanner({ pool, seconds: scheduleSeconds, log, now: () => new Date() }),
];

/** Migrates and starts the loops. Resolves after the first try; one that found no database goes on in the background. */
async function openWhenReachable(
  ownerUrl: string,
  deps: AppDeps,
  stops: (() => Promise<unknown>)[],
  whenMigrated: () => Promise<void>,
): Promise<void> {
  const { database, readiness, log, config } = deps;
  const owner = openDatabase({ url: ownerUrl, maxConnections: 1 });
  stops.push(() => owner.close());
  const attempt = async () => {
    await migrate(ownerUrl);
    await ensurePartitions(owner.pool, new Date());
    await requireIsolation(database.pool);
    await acrossTenants("the tenant of an embedded cloud", whenMigrated);
    const rules = { ...config };
    const sweeper = leaseSweeper({
      pool: database.pool,
      rules,
      seconds: config.sweepSeconds,
      log,
      now: () => performance.now(),
    });
    const loops = startLoops(
      [sweeper, ...partitionKeepers(owner.pool, config, log), ...keepers(database.pool, config, log)],
      log,
    );
    stops.push(() => loops.stop());
    readiness.set(null);
  };
  const away = (error: unknown) => {
    if (!isDatabaseAway(error)) throw error;
    readiness.set(`the database cannot be reached: ${(error as Error).message}`);
    log.warn({ reason: (error as Error).message }, "the database cannot be reached; the cloud waits for it");
    return true;
  };
  if (!(await attempt().then(() => false, away))) return;
  const stopping = new AbortController();
  const waiting = keepTrying(attempt, deps, stopping.signal);
  stops.push(() => (stopping.abort(), waiting));
}

async function keepTrying(
  attempt: () => Promise<void>,
  { readiness, log }: AppDeps,
  stopping: AbortSignal,
): Promise<void> {
  for (let failures = 0; !stopping.aborted; failures += 1) {
    await sleep(Math.min(RETRY_MS * 2 ** failures, RETRY_MOST_MS), undefined, { signal: stopping }).catch(
      () => undefined,
    );
    if (stopping.aborted) return;
    try {
      await attempt();
      log.info("the database can be reached; the cloud is ready");
      return;
    } catch (error) {
      readiness.set(`the database cannot be used: ${(error as Error).message}`);
      if (!isDatabaseAway(error)) log.error({ err: error }, "the database could not be made ready");
    }
  }
}

/** In embedded mode a busy port is no reason to stop: the next free one is taken. */
async function listen(app: FastifyInstance, config: CloudConfig): Promise<{ url: string; port: number }> {
  const mayMove = "embeddedDirectory" in config.database && config.port !== 0;
  for (let port = config.port; ; port += 1) {
    try {
      await app.listen({ host: config.host, port });
      break;
    } catch (error) {
      const busy = (error as { code?: string }).code === "EADDRINUSE";
      if (busy && mayMove && port < config.port + 100) continue;
      if (!busy) throw error;
      throw new Error(
        `The port ${port} on ${config.host} is in use by another program. Stop it, or set WEIR_CLOUD_PORT.`,
        { cause: error },
      );
    }
  }
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : config.port;
  return { url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`, port };
}
