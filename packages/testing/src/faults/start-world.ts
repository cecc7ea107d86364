import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createApiKey, createSecrets } from "@weir/cloud-api";
import { makeId } from "@weir/protocol";
import type { Pool } from "pg";
import { startFaultProxy } from "../fault-proxy.ts";
import { root } from "../repository/repository.ts";
import { startBalancer } from "./balancer.ts";
import { freePort } from "./free-port.ts";
import { PostgresServer } from "./postgres-server.ts";
import { Service } from "./service.ts";
import { World } from "./world.ts";

/** A 45 s lease would make each kill cost a minute. */
export interface WorldTimers {
  readonly leaseSeconds: number;
  readonly reportSeconds: number;
  readonly sweepSeconds: number;
  readonly recoveryBackoffSeconds: number;
}

const SHORT: WorldTimers = { leaseSeconds: 2, reportSeconds: 0.4, sweepSeconds: 0.3, recoveryBackoffSeconds: 0.01 };

export interface WorldOptions {
  readonly agents: number;
  /** Started, idle children of each agent. */
  readonly warmChildren: number;
  readonly timers?: Partial<WorldTimers>;
  /** Added to every agent's environment. */
  readonly agentEnv?: Readonly<Record<string, string>>;
  /** Whether each agent reaches the cloud through a proxy of its own, `world.proxies`, that can be told to misbehave. */
  readonly proxies?: boolean;
  /** Whether a second cloud on the same database shares the work, `world.replica`, behind a balancer that everybody asks. */
  readonly replicas?: boolean;
  /** Files of flows to register, from the repository's root. */
  readonly flows: readonly string[];
}

/** A run may lose its agent in every campaign far more often than the default of 5. */
const MOST_RECOVERIES = 1_000;

/** Starts a world and registers its flows. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), "weir-world-"));
  // Root lends Postgres another user, who must be able to enter.
  chmodSync(directory, 0o755);
  for (const name of ["logs", "cloud"]) mkdirSync(join(directory, name));
  const secret = randomBytes(32).toString("base64url");
  writeFileSync(join(directory, "cloud", "cloud-secret"), secret, { mode: 0o600 });
  const postgres = await PostgresServer.start(join(directory, "cloud", "postgres"));
  const timers = { ...SHORT, ...options.timers };
  const port = await freePort();
  const cloud = cloudService(directory, postgres.url, port, timers);
  const second = options.replicas ? await freePort() : null;
  const replica = second === null ? null : cloudService(directory, postgres.url, second, timers, "replica");
  const balancer = second === null ? null : await startBalancer([port, second]);
  const url = balancer?.url ?? `http://127.0.0.1:${port}`;
  const indexes = Array.from({ length: options.agents }, (_, index) => index);
  const proxies = options.proxies ? await Promise.all(indexes.map(() => startFaultProxy(url))) : [];
  const agents = indexes.map((index) =>
    agentService(directory, proxies[index]?.url ?? url, `agent-${index + 1}`, options),
  );
  const world = new World({ directory, timers, postgres, cloud, replica, balancer, agents, proxies, url });
  try {
    await cloud.start();
    await replica?.start();
    const keys = { url, ...(await makeKeys(world.pool, secret)) };
    writeFileSync(world.keysFile, JSON.stringify(keys), { mode: 0o600 });
    for (const flow of options.flows) await weir(world, ["register", join(root, flow)]);
    for (const agent of agents) await agent.start();
    return world;
  } catch (error) {
    await world.stop();
    throw error;
  }
}

/** Tenant, project and keys, as a cloud in embedded mode makes them for itself. */
async function makeKeys(pool: Pool, secret: string): Promise<{ userKey: string; agentKey: string }> {
  const tenantId = makeId();
  await pool.query("insert into tenants (id, name) values ($1, 'default')", [tenantId]);
  await pool.query("insert into projects (id, tenant_id, name) values ($1, $2, 'default')", [makeId(), tenantId]);
  const secrets = createSecrets(secret);
  const user = await createApiKey(pool, secrets, { tenantId, scope: "user", name: "user", rights: { role: "owner" } });
  const agent = await createApiKey(pool, secrets, { tenantId, scope: "agent", name: "agent" });
  return { userKey: user.key, agentKey: agent.key };
}

/** What every process of a world has in its environment. TMPDIR is the mark by which it is found. */
const baseEnv = (directory: string) => ({
  PATH: process.env.PATH ?? "",
  HOME: directory,
  TMPDIR: directory,
  LANG: "C.UTF-8",
});

function cloudService(
  directory: string,
  databaseUrl: string,
  port: number,
  timers: WorldTimers,
  name = "cloud",
): Service {
  return new Service({
    name,
    main: join(root, "apps/cloud-api/src/main.ts"),
    logFile: join(directory, "logs", `${name}.log`),
    tells: "listening",
    env: {
      ...baseEnv(directory),
      WEIR_DATABASE_URL: databaseUrl,
      WEIR_CLOUD_SECRET_FILE: join(directory, "cloud", "cloud-secret"),
      WEIR_CLOUD_PORT: String(port),
      WEIR_LEASE_SECONDS: String(timers.leaseSeconds),
      WEIR_REPORT_SECONDS: String(timers.reportSeconds),
      WEIR_SWEEP_SECONDS: String(timers.sweepSeconds),
      WEIR_RECOVERY_BACKOFF_SECONDS: String(timers.recoveryBackoffSeconds),
      WEIR_MAX_RECOVERIES: String(MOST_RECOVERIES),
    },
  });
}

function agentService(directory: string, url: string, name: string, options: WorldOptions): Service {
  return new Service({
    name,
    main: join(root, "apps/agent/src/main.ts"),
    logFile: join(directory, "logs", `${name}.log`),
    tells: null,
    env: {
      ...baseEnv(directory),
      WEIR_API_URL: url,
      WEIR_AGENT_KEY_FILE: join(directory, "cloud", "keys.json"),
      WEIR_AGENT_NAME: name,
      WEIR_AGENT_DIRECTORY: join(directory, name),
      // One place for all: what an agent's runs leave, the runs of its successor must find.
      WEIR_AGENT_RESULTS_DIRECTORY: join(directory, "results"),
      WEIR_AGENT_WARM_CHILDREN: String(options.warmChildren),
      WEIR_AGENT_DRAIN_SECONDS: "1",
      ...options.agentEnv,
    },
  });
}

/** Runs the command line as a user would. Answers what it printed. */
export async function weir(world: World, args: readonly string[]): Promise<string> {
  const env = { ...baseEnv(world.directory), WEIR_API_URL: world.url, WEIR_API_KEY_FILE: world.keysFile };
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, "apps/cli/src/main.ts"), ...args], {
    env,
    cwd: world.directory,
  });
  return stdout;
}
