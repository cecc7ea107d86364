import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Cast, settled } from "../clock.ts";
import { type Peer, startPeer } from "../peers/peer.ts";
import { type AgentOptions, startAgent } from "./agent.ts";
import { type CreatedRun, createFlowRun, type NewRun, restartFlowRun } from "./client.ts";
import type { House } from "./house.ts";
import { type Program, type ProgramOptions, startProgram } from "./program.ts";
import { PROJECT } from "./registration.ts";
import { ended, failed, mustBeWhole } from "./runs.ts";

/** What one contest stands on: the house's Postgres and cloud, and agents and peers of its own, which end with it. */
export interface Stage extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly cloudUrl: string;
  readonly userKey: string;
  /** Where the keys lie, and the cloud's secret beside them. */
  readonly keysFile: string;
  /** A directory for what the contest writes. */
  readonly directory: string;
  startAgent(options: AgentOptions): Promise<void>;
  /** A database of the contest's own on the same Postgres; answers its URL. */
  makeDatabase(name: string): Promise<string>;
  /** Starts a cloud of the contest's own, which counts as the cloud. */
  startProgram(options: ProgramOptions): Program;
  /** Ends something together with the stage. */
  use<T extends Disposable>(thing: T): T;
  /** Starts `peers/<name>.ts` with a database of its own on the same Postgres. */
  startPeer(name: string): Promise<Peer>;
  createFlowRun(run: NewRun): Promise<CreatedRun>;
  /** Resolves when the cloud has the last event of every run. */
  ended(ids: readonly string[]): Promise<void>;
  /** Resolves when the run has failed. */
  failed(id: string): Promise<void>;
  restartFlowRun(id: string): Promise<void>;
  mustBeWhole(ids: readonly string[], tasksEach: number): Promise<void>;
  /** Resolves when nothing of ours uses the processor any more: every warm child has started, every profile is written. */
  settled(): Promise<void>;
  /** The processes, by role. */
  cast(): Cast;
}

/** Opens a stage for one contest. */
export function openStage(house: House, name: string): Stage {
  const things = new AsyncDisposableStack();
  const agents: number[] = [];
  const peers: number[] = [];
  const clouds: number[] = [];
  const directory = join(house.directory, name);
  mkdirSync(directory, { recursive: true });
  const cast = (): Cast => ({
    cloud: [house.cloudPid, ...clouds],
    postgres: [house.postgresPid],
    agent: agents,
    peer: peers,
  });
  return {
    databaseUrl: house.databaseUrl,
    cloudUrl: house.cloudUrl,
    userKey: house.userKey,
    keysFile: house.keysFile,
    makeDatabase: async (database) => await house.makeDatabase(database),
    startProgram: (options) => {
      const program = things.use(startProgram(options));
      clouds.push(program.pid);
      return program;
    },
    directory,
    use: (thing) => things.use(thing),
    startAgent: async (options) => {
      const agent = things.use(await startAgent(house, directory, options));
      agents.push(agent.pid);
    },
    startPeer: async (peerName) => {
      const peer = things.use(await startPeer(peerName, await house.makeDatabase(peerName)));
      peers.push(peer.pid);
      return peer;
    },
    createFlowRun: async (run) => await createFlowRun(house.cloudUrl, house.userKey, PROJECT, run),
    ended: async (ids) => await ended(house.pool, ids),
    failed: async (id) => await failed(house.pool, id),
    restartFlowRun: async (id) => await restartFlowRun(house.cloudUrl, house.userKey, id),
    mustBeWhole: async (ids, tasksEach) => await mustBeWhole(house.pool, ids, tasksEach),
    settled: async () => void (await settled(cast())),
    cast,
    [Symbol.asyncDispose]: async () => await things.disposeAsync(),
  };
}
