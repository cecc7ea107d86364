import { type CloudClient, createClient } from "@weir/client";
import { createGate, type Gate, type Policy } from "@weir/gate";
import { API_VERSION, type ClaimRequest, LIMITS } from "@weir/protocol";
import { createRunnerHost, type RunnerConfig, type RunnerHost } from "@weir/runner";
import { type AgentDirectory, openAgentDirectory } from "./agent-directory.ts";
import { AGENT_EXIT, AgentError } from "./agent-error.ts";
import type { AgentLog } from "./agent-log.ts";
import { checkedKeys, openBoundary } from "./boundary.ts";
import { checkedChildren, type Children } from "./children.ts";
import { ClaimLoop } from "./claim-loop.ts";
import type { AgentConfig } from "./config.ts";
import { Connection, pause } from "./connection.ts";
import { HeldRuns } from "./held-runs.ts";
import { type Health, serveHealth } from "./health.ts";
import { SessionLoop } from "./session-loop.ts";
import { AGENT_VERSION } from "./version.ts";

/** What tests put in the place of the real thing. */
export interface AgentDeps {
  readonly log: AgentLog;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Environment whose secret-looking values never leave. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly createRunnerHost: typeof createRunnerHost;
  readonly createGate: typeof createGate;
  /** Timers of the runner that differ from its defaults. */
  readonly runner: Partial<RunnerConfig>;
}

const REAL: Omit<AgentDeps, "log"> = {
  now: () => performance.now(),
  random: Math.random,
  environment: {},
  createRunnerHost,
  createGate,
  runner: {},
};

/** A running agent. */
export interface Agent {
  readonly agentId: string;
  /** Where health is told, when asked for: with the real port where 0 was given. */
  readonly healthAddress: string | null;
  health(): Health;
  /**
   * Takes no more runs, lets those in hand go on for `drainSeconds`, gives the others back. Called again, it gives back at once.
   * @param how "now": does not wait for the runs in hand
   */
  stop(how?: "now"): Promise<void>;
  /** Resolves after stop(); rejects with an AgentError when the agent cannot go on, after everything in hand was given back. */
  readonly done: Promise<void>;
}

/**
 * Starts an agent: enrols, ships the journals that it finds, then claims. Resolves once it claims; while the cloud is away it waits.
 * @throws AgentError when the key is refused, the directory is in use, or the address is wrong
 * @example const agent = await startAgent(readConfig(process.env, hostname()), { log }); await agent.done;
 */
export async function startAgent(
  config: AgentConfig,
  deps: Pick<AgentDeps, "log"> & Partial<AgentDeps>,
): Promise<Agent> {
  const agent = new TheAgent(config, { ...REAL, ...deps });
  await agent.start();
  return agent;
}

/** A claim waits this much longer for its answer than the cloud was asked to: the way there and back. */
const REPLY_MS = 15_000;

class TheAgent implements Agent {
  readonly done: Promise<void>;
  healthAddress: string | null = null;
  readonly #config: AgentConfig;
  readonly #deps: AgentDeps;
  readonly #client: CloudClient;
  readonly #connection: Connection;
  readonly #session: SessionLoop;
  readonly #held: HeldRuns;
  readonly #stopping = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #directory: AgentDirectory | null = null;
  #gate: Gate | null = null;
  #host: RunnerHost | null = null;
  #claims: ClaimLoop | null = null;
  #closeHealth: (() => void) | null = null;
  readonly #hurry = new AbortController();
  #end: Promise<void> | null = null;

  constructor(config: AgentConfig, deps: AgentDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#client = createClient({ url: config.apiUrl });
    this.#connection = new Connection(deps);
    this.#held = new HeldRuns({ log: deps.log, onEnd: () => this.#claims?.roomCame() });
    this.#session = new SessionLoop({ enrol: (signal) => this.#enrol(signal), connection: this.#connection });
    this.done = this.#ended.promise;
    // Whoever does not look at `done` is told by start() or stop() already.
    this.done.catch(() => {});
  }

  get agentId(): string {
    return this.#session.session.agentId;
  }

  health(): Health {
    return {
      agentId: this.#connection.lastAnswerAgoMs === null ? null : this.agentId,
      name: this.#config.name,
      lastPollAgoMs: this.#connection.lastAnswerAgoMs,
      heldRuns: this.#held.ids,
      draining: this.#stopping.signal.aborted,
    };
  }

  async start(): Promise<void> {
    try {
      const { directory, hmacKeyFile } = this.#config;
      this.#directory = await openAgentDirectory(directory, { hmacKeyFile });
      const boundary = await openBoundary(this.#config);
      const { environment } = this.#deps;
      const { sendLogs } = this.#config;
      const options = { ...this.#directory, ...boundary, environment, sendLogs };
      this.#gate = this.#deps.createGate(options);
      await checkedKeys(this.#gate);
      const children = await checkedChildren(this.#config);
      this.#host = this.#makeHost(this.#gate, boundary.policy, children);
      if (this.#config.healthAddress !== null) await this.#openHealth(this.#config.healthAddress);
      await this.#session.renew(this.#stopping.signal);
      await this.#shipFound(this.#host);
      this.#startLoops(this.#host);
    } catch (error) {
      await this.#close();
      this.#ended.reject(error);
      throw error;
    }
  }

  stop(how?: "now"): Promise<void> {
    if (how === "now" || this.#end !== null) this.#hurry.abort();
    this.#end ??= this.#drain().then(this.#ended.resolve);
    return this.#end;
  }

  #makeHost(gate: Gate, policy: Policy, children: Children): RunnerHost {
    const { directory, resultsDirectory, codeDirectory, warmChildren, onLeaseLost, executor, childReuse } =
      this.#config;
    const own = { resultsDirectory, codeDirectory, warmChildren, onLeaseLost, executor, childReuse };
    return this.#deps.createRunnerHost({
      client: this.#client,
      gate,
      policy,
      dataDirectory: directory,
      config: { ...own, ...children, ...this.#deps.runner },
      log: this.#deps.log,
      environment: this.#config.flowEnvironment,
    });
  }

  async #openHealth(address: string): Promise<void> {
    const server = await serveHealth(address, () => this.health());
    this.healthAddress = server.address;
    this.#closeHealth = () => server.close();
  }

  /** What an earlier process of this directory could not deliver comes before anything new. */
  async #shipFound(host: RunnerHost): Promise<void> {
    const { runs, events } = await host.shipFoundJournals();
    if (runs > 0) this.#deps.log.info({ runs, events }, `The journals of ${runs} earlier runs were shipped first.`);
  }

  #startLoops(host: RunnerHost): void {
    const { capacity, labels, projects } = this.#config;
    this.#claims = new ClaimLoop({
      claim: (request, signal) => this.#claim(request, signal),
      enrol: (signal) => this.#session.renew(signal),
      host,
      held: this.#held,
      connection: this.#connection,
      capacity,
      labels,
      projects,
      random: this.#deps.random,
      now: this.#deps.now,
    });
    const loops = [this.#claims.run(), this.#session.run(this.#stopping.signal)];
    for (const loop of loops) loop.catch((error: unknown) => this.#fail(error));
    const { agentId } = this.#session.session;
    this.#deps.log.info({ agentId, capacity, labels, projects }, `The agent ${this.#config.name} waits for work.`);
  }

  async #enrol(signal: AbortSignal) {
    const { name, labels, capacity, key } = this.#config;
    const body = {
      name,
      labels: [...labels],
      launchers: ["process" as const],
      version: AGENT_VERSION,
      apiVersion: API_VERSION,
      capacity,
    };
    return this.#client.send(await this.#openGate().pass("enrol", body), { token: key, signal });
  }

  async #claim(request: ClaimRequest, signal: AbortSignal) {
    const token = this.#session.session.sessionToken;
    const timeoutMs = LIMITS.claimWaitSeconds * 1000 + REPLY_MS;
    return this.#client.send(await this.#openGate().pass("claim", request), { token, signal, timeoutMs });
  }

  #openGate(): Gate {
    if (this.#gate === null) throw new Error("the agent has no gate yet");
    return this.#gate;
  }

  /** A loop cannot go on: gives everything back, then says why. */
  #fail(cause: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const because =
      cause instanceof AgentError
        ? cause
        : new AgentError(`The agent failed: ${String(cause)}`, AGENT_EXIT.failed, cause);
    this.#end ??= this.#drainThenReject(because);
  }

  async #drainThenReject(because: AgentError): Promise<void> {
    await this.#drain();
    this.#ended.reject(because);
  }

  async #drain(): Promise<void> {
    this.#stopping.abort();
    this.#claims?.drain();
    if (this.#held.size > 0) {
      this.#deps.log.info({ runs: this.#held.ids }, `${this.#held.size} runs in hand may end first.`);
      await Promise.race([this.#held.ended(), pause(this.#config.drainSeconds * 1000, this.#hurry.signal)]);
    }
    await this.#held.release(this.#hurry.signal.aborted ? "shutdown" : "drain");
    await this.#close();
  }

  async #close(): Promise<void> {
    this.#claims?.stop();
    this.#closeHealth?.();
    // Each on its own: a disk that is full under the journal must not keep the lock on the directory.
    for (const part of [this.#host, this.#client, this.#gate, this.#directory]) {
      try {
        await part?.close();
      } catch (error) {
        this.#deps.log.error({ err: error }, "A part of the agent could not be closed in order.");
      }
    }
  }
}
