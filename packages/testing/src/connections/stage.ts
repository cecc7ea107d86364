import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Service } from "../faults/service.ts";
import { startWorld } from "../faults/start-world.ts";
import type { World } from "../faults/world.ts";
import { root } from "../repository/repository.ts";
import { type OwnServer, startOwnServer } from "./own-server.ts";

/** Errors stay with the agent, so that there is one for `weir errors show`. */
const POLICY = `version: 1
classes:
  exception: id-only
`;

/** A cloud, and a user's side of which every process is watched. */
export interface Stage {
  readonly world: World;
  readonly agent: Service;
  /** The agent's own directory: journal, ledger, errors. */
  readonly agentDirectory: string;
  readonly own: OwnServer;
  /** Socket of the user's own server. */
  readonly socket: string;
  /** What the watched processes did. */
  readonly sightings: string;
  /** The cloud as the user's side calls it: by a name, so that it has to be looked up. */
  readonly cloudHost: string;
  /** Runs `weir …` and gives what it printed. @throws Error when it ends with another code than `wanted` */
  readonly weir: (args: readonly string[], wanted?: number) => Promise<string>;
  stop(): Promise<string[]>;
}

/** Starts both. */
export async function startStage(): Promise<Stage> {
  const world = await startWorld({ agents: 0, warmChildren: 0, flows: [] });
  const { directory } = world;
  const [sightings, policy, socket] = ["sightings.jsonl", "weir.boundary.yaml", "own.socket"].map((name) =>
    join(directory, name),
  ) as [string, string, string];
  writeFileSync(policy, POLICY);
  const own = await startOwnServer(socket);
  const cloudHost = `localhost:${new URL(world.url).port}`;
  const watcher = `${pathToFileURL(join(import.meta.dirname, "watch.ts")).href}?to=${encodeURIComponent(sightings)}`;
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: directory,
    TMPDIR: directory,
    LANG: "C.UTF-8",
    WEIR_API_URL: `http://${cloudHost}`,
    WEIR_BOUNDARY_FILE: policy,
  };
  const agentDirectory = join(directory, "agent");
  const agent = makeAgent(world, { ...env, NODE_OPTIONS: `--import=${watcher}`, WEIR_AGENT_DIRECTORY: agentDirectory });
  await agent.start();
  const ofPerson = { ...env, WEIR_API_KEY_FILE: world.keysFile };
  return {
    world,
    agent,
    agentDirectory,
    own,
    socket,
    sightings,
    cloudHost,
    weir: (args, wanted = 0) => runWeir(watcher, args, { env: ofPerson, cwd: directory, wanted }),
    async stop() {
      const slow = await agent.stop();
      own.close();
      return [...(slow === undefined ? [] : [slow]), ...agent.unexpectedEnds, ...(await world.stop())];
    },
  };
}

function makeAgent(world: World, env: Readonly<Record<string, string>>): Service {
  return new Service({
    name: "agent",
    main: join(root, "apps/agent/src/main.ts"),
    logFile: join(world.directory, "logs", "agent.log"),
    tells: null,
    env: {
      ...env,
      WEIR_AGENT_KEY_FILE: world.keysFile,
      WEIR_AGENT_NAME: "watched",
      WEIR_AGENT_RESULTS_DIRECTORY: world.resultsDirectory,
      WEIR_AGENT_WARM_CHILDREN: "1",
      WEIR_AGENT_DRAIN_SECONDS: "1",
    },
  });
}

interface Person {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly wanted: number;
}

async function runWeir(watcher: string, args: readonly string[], { env, cwd, wanted }: Person): Promise<string> {
  const main = join(root, "apps/cli/src/main.ts");
  return await new Promise((printed, failed) => {
    const child = execFile(
      process.execPath,
      [`--import=${watcher}`, main, ...args],
      { env, cwd },
      (_error, out, err) => {
        if (child.exitCode === wanted) printed(out);
        else failed(new Error(`\`weir ${args.join(" ")}\` ended with ${child.exitCode}, not ${wanted}: ${err}${out}`));
      },
    );
  });
}
