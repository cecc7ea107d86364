import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { House } from "./house.ts";
import { childProfileArguments, profileArguments } from "./profile.ts";
import { type Program, startProgram } from "./program.ts";

const MAIN = fileURLToPath(new URL("../../../apps/agent/src/main.ts", import.meta.url));
const BARE = fileURLToPath(new URL("bare-agent.ts", import.meta.url));

/** What of an agent differs between contests. What is absent is the agent's default. */
export interface AgentOptions {
  readonly name: string;
  readonly labels?: readonly string[];
  readonly warmChildren?: number;
  /** Whether a process that has ended a run may serve another one of the same flow. */
  readonly childReuse?: "on" | "off";
  /** An agent whose gate redacts, seals and records nothing, to compare with. */
  readonly bare?: boolean;
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts an agent and waits until the cloud has seen it ask for work. */
export async function startAgent(house: House, directory: string, options: AgentOptions): Promise<Program> {
  const own = join(directory, `agent-${options.name}`);
  mkdirSync(own, { recursive: true });
  const agent = startProgram({
    main: options.bare === true ? BARE : MAIN,
    env: environment(house, own, options),
    logFile: join(own, "agent.log"),
    nodeArguments: house.profile ? [...profileArguments("agent"), ...childProfileArguments(own)] : [],
  });
  await seen(house, options.name);
  return agent;
}

function environment(house: House, directory: string, options: AgentOptions): Record<string, string> {
  const { name, labels = [], warmChildren, childReuse } = options;
  return {
    WEIR_API_URL: house.cloudUrl,
    WEIR_AGENT_KEY_FILE: house.keysFile,
    WEIR_AGENT_NAME: name,
    WEIR_AGENT_LABELS: labels.join(","),
    WEIR_AGENT_DIRECTORY: join(directory, "state"),
    WEIR_AGENT_RESULTS_DIRECTORY: join(directory, "results"),
    ...(warmChildren === undefined ? {} : { WEIR_AGENT_WARM_CHILDREN: String(warmChildren) }),
    ...options.env,
    ...(childReuse === undefined ? {} : { WEIR_AGENT_CHILD_REUSE: childReuse }),
  };
}

const SEEN_WITHIN_MS = 20_000;

async function seen(house: House, name: string): Promise<void> {
  const until = performance.now() + SEEN_WITHIN_MS;
  while (performance.now() < until) {
    const { rowCount } = await house.pool.query("select from agents where name = $1", [name]);
    if (rowCount === 1) return;
    await pause(50);
  }
  throw new Error(
    `The agent ${name} did not enrol within ${SEEN_WITHIN_MS / 1000} s. Its log is below ${house.directory}.`,
  );
}
