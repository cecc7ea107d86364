import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { localStore } from "@weir/sdk/results";
import { Pool } from "pg";
import type { FaultProxy } from "../fault-proxy.ts";
import type { Balancer } from "./balancer.ts";
import { askUntil } from "./ask-until.ts";
import { readEffects } from "./effects.ts";
import { Operator } from "./operator.ts";
import type { PostgresServer } from "./postgres-server.ts";
import { familyOf, type Process, processesOf, survivorsOf } from "./processes.ts";
import type { Service } from "./service.ts";
import type { Sources } from "./story.ts";
import type { WorldTimers } from "./start-world.ts";

export interface WorldParts {
  readonly directory: string;
  readonly timers: WorldTimers;
  readonly postgres: PostgresServer;
  readonly cloud: Service;
  readonly replica: Service | null;
  readonly balancer: Balancer | null;
  readonly agents: readonly Service[];
  readonly proxies: readonly FaultProxy[];
  readonly url: string;
}

/** What may be left for how long after all have stopped. */
const LEFT_MS = 15_000;

/** A whole Weir of its own: Postgres, cloud and agents as processes, each of which can be killed and started again. */
export class World {
  readonly directory: string;
  readonly timers: WorldTimers;
  readonly postgres: PostgresServer;
  readonly cloud: Service;
  /** A second cloud on the same database; null unless asked for. */
  readonly replica: Service | null;
  readonly #balancer: Balancer | null;
  readonly agents: readonly Service[];
  /** In front of each agent's cloud; none unless asked for. */
  readonly proxies: readonly FaultProxy[];
  readonly url: string;
  readonly operator: Operator;
  /** Looks into the database beside the cloud. */
  readonly pool: Pool;
  #stopped: Promise<string[]> | null = null;

  constructor(parts: WorldParts) {
    this.directory = parts.directory;
    this.timers = parts.timers;
    this.postgres = parts.postgres;
    this.cloud = parts.cloud;
    this.replica = parts.replica;
    this.#balancer = parts.balancer;
    this.agents = parts.agents;
    this.proxies = parts.proxies;
    this.url = parts.url;
    this.operator = new Operator(parts.url, this.keysFile);
    this.pool = new Pool({ connectionString: parts.postgres.url, max: 3, connectionTimeoutMillis: 5_000 });
    // Connections break whenever Postgres is killed; the next query takes a new one.
    this.pool.on("error", () => {});
    this.pool.on("connect", (client) => client.on("error", () => {}));
  }

  /** URL and keys, as a cloud in embedded mode writes them. */
  get keysFile(): string {
    return join(this.directory, "cloud", "keys.json");
  }

  /** What the tasks of the flow under test leave behind. */
  get effectsFile(): string {
    return join(this.directory, "effects.jsonl");
  }

  /** Waits until a task was executed that was not when this was called. */
  async untilNextEffect(withinMs: number): Promise<void> {
    const size = () => statSync(this.effectsFile, { throwIfNoEntry: false })?.size ?? 0;
    const before = size();
    await askUntil(() => size() > before || undefined, withinMs, 20);
  }

  get resultsDirectory(): string {
    return join(this.directory, "results");
  }

  /** Where the stories of its runs are read from. */
  sources(): Sources {
    return {
      pool: this.pool,
      store: localStore({ directory: this.resultsDirectory }),
      effects: readEffects(this.effectsFile),
    };
  }

  /** Processes of flows, at work or waiting for it. */
  children(): Process[] {
    return processesOf(this.directory).filter(({ command }) => /packages\/sdk\/\S*child/.test(command));
  }

  /** Ends everything, in order, once. Answers what ended by itself before, what did not stop, and what is left. */
  stop(keep = false): Promise<string[]> {
    this.#stopped ??= this.#stop(keep);
    return this.#stopped;
  }

  async #stop(keep: boolean): Promise<string[]> {
    const clouds = this.replica === null ? [this.cloud] : [this.cloud, this.replica];
    const services = [...this.agents, ...clouds];
    const problems = services.flatMap(({ unexpectedEnds }) => unexpectedEnds);
    // Some carry no mark of this world, such as the watchdogs of agents: they are known by their parents while these live.
    const families = services.flatMap(({ pid }) => (pid === undefined ? [] : familyOf(pid)));
    const stopped = await Promise.all(this.agents.map((agent) => agent.stop()));
    for (const proxy of this.proxies) await proxy.close();
    await this.#balancer?.close();
    const ended = await Promise.all(clouds.map((cloud) => cloud.stop()));
    problems.push(...[...stopped, ...ended].filter((problem) => problem !== undefined));
    await this.pool.end();
    await this.postgres.stop();
    const left = () => [...survivorsOf(families), ...processesOf(this.directory)];
    await askUntil(() => left().length === 0 || undefined, LEFT_MS);
    for (const { pid, command } of left()) {
      problems.push(`process ${pid} is left when all have stopped: ${command}`);
      process.kill(pid, "SIGKILL");
    }
    if (keep || problems.length > 0) problems.push(`what is left of this world lies in ${this.directory}`);
    else rmSync(this.directory, { recursive: true, force: true });
    return problems;
  }
}
