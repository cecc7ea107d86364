import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ClaimedRun } from "@weir/protocol";
import pg from "pg";
import type { Contender, Contest, Line } from "../contest.ts";
import { endRuns } from "../claims/loaded-tenant.ts";
import { memoryOf, readProcesses, type MemoryKind } from "../processes.ts";
import { createFlowRun } from "../stage/client.ts";
import type { Stage } from "../stage/stage.ts";
import { type Arrival, Crowd } from "./crowd.ts";
import type { Server } from "./poller.ts";
import { type IdleAgent, type IdleTenant, KINDS, populate } from "./population.ts";

const AGENTS = 10_000;
/** CPU time is counted over this long: most of a poll's life, so that most agents come back once. */
const WINDOW_MS = 20_000;
/** So long they have been there before: once around, since a process that has just begun is busy compiling what it will do for hours. */
const SETTLE_MS = 30_000;
/** Wake-ups of one measurement. */
const WAKES = 100;
const BETWEEN_WAKES_MS = 20;

const MAIN = fileURLToPath(new URL("../../../apps/cloud-api/src/main.ts", import.meta.url));

const line = (what: string, ours: string, more: Omit<Line, "what" | "ours" | "peer" | "limit">): Line => ({
  what: `10,000 idle agents of 50 tenants: ${what}`,
  ours,
  peer: `bare Fastify, ${ours}`,
  limit: `bare Fastify, ${ours}`,
  ...more,
});

/** What agents cost that wait for work, and how soon the right one of them has it. */
export const idle: Contest = {
  id: "idle",
  unit: "ms",
  lines: [
    line("CPU of the API process", "CPU", { statistic: "p50", unit: "% of a core", goal: { atMost: 8 } }),
    line("its memory", "memory", { statistic: "p50", unit: "MB", goal: { atMost: 500 } }),
    line("most memory that it ever had", "peak", { statistic: "p50", unit: "MB", goal: { atMost: 500 } }),
    line("createFlowRun sent → the right one has the run, p50", "wake-up", { statistic: "p50", goal: { atMost: 50 } }),
    line("createFlowRun sent → the right one has the run, p99", "wake-up", { statistic: "p99", goal: { atMost: 50 } }),
  ],
  open: async (stage, scale) => {
    const cloud = await openCloud(stage, Math.ceil(AGENTS * scale));
    const peer = await openPeer(stage);
    // After both, so that it goes before them: a server that closes upon an agent that waits is a fault.
    const crowd = stage.use(new Crowd(cloud.agents, SETTLE_MS * scale));
    const size = { crowd, agents: cloud.agents, windowMs: WINDOW_MS * scale, wakes: Math.ceil(WAKES * scale) };
    return { ...measured(cloud, size), ...renamed(measured(peer, size), (name) => `bare Fastify, ${name}`) };
  },
};

/** A process at which the crowd waits. */
interface Host {
  readonly pid: number;
  readonly server: Server;
  /** Starts a run for an agent with these labels. */
  start(tenant: IdleTenant, labels: readonly string[]): Promise<string | undefined>;
  /** Puts out of the way what was started. */
  end(tenant: IdleTenant): Promise<void>;
}

interface Size {
  readonly crowd: Crowd;
  readonly agents: readonly IdleAgent[];
  readonly windowMs: number;
  readonly wakes: number;
}

function measured(host: Host, size: Size): Record<string, Contender> {
  const prepare = async () => await size.crowd.waitAt(host.server);
  const memory = (kind: MemoryKind): Contender => ({
    units: size.agents.length,
    prepare,
    measure: async () => [memoryOf(host.pid, kind) / 1e6],
  });
  return {
    CPU: { units: (size.agents.length * size.windowMs) / 1_000, prepare, measure: async () => [await cpu(host, size)] },
    memory: memory("now"),
    peak: memory("peak"),
    "wake-up": { units: size.wakes, prepare, measure: async () => await wakes(host, size) },
  };
}

function renamed<T>(all: Readonly<Record<string, T>>, rename: (name: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [rename(name), one]));
}

/** Per cent of one core, while nothing happens but that agents come back. */
async function cpu({ pid }: Host, { windowMs }: Size): Promise<number> {
  const used = () => readProcesses().get(pid)?.self ?? 0;
  const [began, before] = [performance.now(), used()];
  await pause(windowMs);
  return ((used() - before) / (performance.now() - began)) * 100;
}

/** Milliseconds from the request to start a run until an agent that may have it has it, of runs for different tenants and labels. */
async function wakes(host: Host, { crowd, agents, wakes: count }: Size): Promise<number[]> {
  const values: number[] = [];
  const tenants = [...new Set(agents.map(({ tenant }) => tenant))];
  for (let wake = 0; wake < count; wake += 1) {
    const tenant = tenants[wake % tenants.length] as IdleTenant;
    const labels = KINDS[wake % KINDS.length] ?? [];
    const arrives = crowd.next();
    const sentAt = process.hrtime.bigint();
    const runId = await host.start(tenant, labels);
    const arrival = await arrives;
    mustBeRight(arrival, { tenant, labels, runId });
    values.push(Number(arrival.at - sentAt) / 1e6);
    await host.end(tenant);
    await pause(BETWEEN_WAKES_MS);
  }
  return values;
}

interface Wanted {
  readonly tenant: IdleTenant;
  readonly labels: readonly string[];
  readonly runId: string | undefined;
}

function mustBeRight({ agent, reply }: Arrival, { tenant, labels, runId }: Wanted): void {
  const [run] = reply.runs as [ClaimedRun];
  const right = agent.tenant === tenant && labels.every((label) => agent.labels.includes(label));
  if (right && reply.runs.length === 1 && run.runId === runId) return;
  throw new Error(`The run ${runId} for ${labels.join()} woke ${agent.labels.join()}: ${JSON.stringify(reply)}`);
}

/** A cloud of its own, that has done nothing else, with its agents. */
async function openCloud(stage: Stage, agents: number): Promise<Host & { agents: IdleAgent[] }> {
  const databaseUrl = await stage.makeDatabase("idle");
  const secretFile = join(dirname(stage.keysFile), "cloud-secret");
  const cloud = stage.startProgram({
    main: MAIN,
    env: { WEIR_DATABASE_URL: databaseUrl, WEIR_CLOUD_SECRET_FILE: secretFile, WEIR_CLOUD_PORT: "0" },
    logFile: join(stage.directory, "cloud.log"),
  });
  const { url } = (await cloud.message()) as { url: string };
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, allowExitOnIdle: true });
  pool.on("error", () => undefined);
  return {
    pid: cloud.pid,
    agents: await populate(pool, readFileSync(secretFile, "utf8").trim(), agents),
    server: { port: Number(new URL(url).port), claims: () => "/v1/claims" },
    start: async ({ userKey }, labels) =>
      (await createFlowRun(url, userKey, "default", { flow: "flow", parameters: {}, labels })).id,
    end: async (tenant) => await endRuns(pool, tenant),
  };
}

async function openPeer(stage: Stage): Promise<Host> {
  const peer = await stage.startPeer("long-poll");
  const [port = 0] = await peer.ask("port", 0);
  return {
    pid: peer.pid,
    server: { port, claims: ({ tenant }) => `/claims/${tenant.number}` },
    start: async ({ number }, labels) => {
      const body = JSON.stringify({ labels });
      const headers = { "content-type": "application/json" };
      await (await fetch(`http://127.0.0.1:${port}/runs/${number}`, { method: "POST", headers, body })).text();
      return undefined;
    },
    end: async () => undefined,
  };
}
