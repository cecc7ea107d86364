import { resolve } from "node:path";
import type { KeysFile } from "../connection/settings.ts";
import { readKeysFile } from "../connection/settings.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { agentProgram, cloudProgram } from "../processes/find-main.ts";
import { Forked } from "../processes/forked.ts";

/** A cloud with its Postgres and one agent, all on this machine. */
export interface Stack {
  readonly url: string;
  readonly keys: KeysFile;
  readonly cloud: Forked;
  readonly agent: Forked;
  /** Rejects with a sentence when a part ends by itself. */
  readonly broken: Promise<never>;
  /** Ends agent, cloud and Postgres, in this order: the agent still wants to give its leases back. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Where everything lies: `.weir`. */
  readonly directory: string;
  /** Taken when free; otherwise the next one that is. */
  readonly port: number;
  /** Told as the parts come up. */
  readonly step: (sentence: string) => void;
}

/** @throws CliError when a part cannot be started; what was started has ended then */
export async function startStack(io: Io, o: StackOptions): Promise<Stack> {
  const started: Forked[] = [];
  const stop = async (): Promise<void> => {
    // A second Ctrl-C does not come here: it ends this process, and with it the channels that the others live by.
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  try {
    o.step("Postgres and the cloud are starting");
    const { cloud, url, keys } = await startCloud(io, o, started);
    o.step("an agent is starting");
    const agent = await startAgent(io, { ...o, url, keysFile: keys.path }, started);
    return { url, keys, cloud, agent, broken: broken([cloud, agent], started), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startCloud(io: Io, { directory, port }: StackOptions, started: Forked[]) {
  const cloud = new Forked({
    what: "cloud",
    main: cloudProgram("main", io.cwd),
    env: {
      ...withoutWeir(io.env),
      WEIR_EMBEDDED_DIRECTORY: resolve(io.cwd, directory),
      WEIR_CLOUD_PORT: String(port),
    },
    logFile: resolve(io.cwd, directory, "logs", "cloud.log"),
    ready: "listening",
  });
  started.push(cloud);
  const { url } = (await cloud.ready(io.interrupted)) as { url: string };
  const keys = readKeysFile(resolve(io.cwd, directory, "keys.json"));
  if (keys === null)
    throw new CliError(EXIT.failed, "NOT_STARTED", `The cloud is up but wrote no keys.json. Its log: ${cloud.logFile}`);
  return { cloud, url, keys };
}

async function startAgent(
  io: Io,
  o: { directory: string; url: string; keysFile: string },
  started: Forked[],
): Promise<Forked> {
  const agent = new Forked({
    what: "agent",
    main: agentProgram(),
    env: {
      ...withoutWeir(io.env),
      WEIR_API_URL: o.url,
      WEIR_AGENT_KEY_FILE: o.keysFile,
      WEIR_AGENT_DIRECTORY: resolve(io.cwd, o.directory, "agent"),
      WEIR_AGENT_RESULTS_DIRECTORY: resolve(io.cwd, o.directory, "results"),
      WEIR_AGENT_DRAIN_SECONDS: "3",
    },
    logFile: resolve(io.cwd, o.directory, "logs", "agent.log"),
    ready: "enrolled",
  });
  started.push(agent);
  await agent.ready(io.interrupted);
  return agent;
}

/** What tunes cloud and agent here too. Where another cloud is, its keys and its directories must not leak into this one. */
const TUNING = new Set([
  "WEIR_LOG_LEVEL",
  "WEIR_LEASE_SECONDS",
  "WEIR_REPORT_SECONDS",
  "WEIR_SWEEP_SECONDS",
  "WEIR_MAX_RECOVERIES",
  "WEIR_RECOVERY_BACKOFF_SECONDS",
  "WEIR_BOUNDARY_FILE",
  ...["NAME", "LABELS", "CAPACITY", "WARM_CHILDREN", "PASS_ENV", "EXECUTOR", "ON_LEASE_LOST"].map(ofAgent),
  ...["SEND_LOGS", "SEAL_KEY_FILE", "HMAC_KEY_FILE", "SIGN_KEY_FILE"].map(ofAgent),
  ...["CHILD_REUSE", "CHILD_USER", "CHILD_PERMISSION", "CODE_DIRECTORY"].map(ofAgent),
]);

function ofAgent(name: string): string {
  return `WEIR_AGENT_${name}`;
}

/** An environment without settings that are for another cloud or agent. */
export function withoutWeir(env: Io["env"]): Io["env"] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("WEIR_") || TUNING.has(name)));
}

function broken(parts: readonly Forked[], started: readonly Forked[]): Promise<never> {
  const ended = parts.map(async (part) => {
    const { sentence, exitCode } = await part.ended;
    // Ended by us: not broken.
    if (!started.includes(part)) return await new Promise<never>(() => {});
    throw new CliError(exitCode, "STACK_BROKEN", sentence);
  });
  const all = Promise.race(ended);
  all.catch(() => {});
  return all;
}
