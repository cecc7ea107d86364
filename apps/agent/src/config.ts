import { readFileSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { LIMITS } from "@weir/protocol";
import {
  CHILD_FEATURES,
  type ChildFeature,
  type ChildPermission,
  FlowEnvironmentError,
  flowEnvironment,
  type RunnerConfig,
} from "@weir/runner";

/** How an agent is set up. `readConfig` makes it from the environment, the only place that reads it. */
export interface AgentConfig {
  /** Base URL of the cloud. */
  readonly apiUrl: string;
  /** The agent key. Never logged. */
  readonly key: string;
  /** The file that the key was read from; it must not be open to flows. */
  readonly keyFile: string | null;
  /** The same name is the same agent to the cloud, also after a restart. */
  readonly name: string;
  readonly labels: readonly string[];
  /** Names of the projects that it serves; null: all of the tenant. */
  readonly projects: readonly string[] | null;
  /** Runs that it holds at most at once. */
  readonly capacity: number;
  /** Journal, ledger and digest key. One agent per directory. */
  readonly directory: string;
  /** Where the default local store writes results. */
  readonly resultsDirectory: string;
  /** Keeps code that is fetched from the user's storage, beside the node_modules that serve it; null: none is fetched. */
  readonly codeDirectory: string | null;
  /** Started, idle child processes, for runs whose flow has none of its own. */
  readonly warmChildren: number;
  /** Path of a socket, or host:port; null opens none. */
  readonly healthAddress: string | null;
  /** How long held runs may go on after a stop before their leases are given back. */
  readonly drainSeconds: number;
  /** What becomes of a run when the cloud falls silent, unless its flow says it. */
  readonly onLeaseLost: RunnerConfig["onLeaseLost"];
  /** Whether a flow's process may serve several runs of it, one after the other. */
  readonly childReuse: RunnerConfig["childReuse"];
  /** `uid:gid` or name of the user that flows run as; null: the agent's own. */
  readonly childUser: string | null;
  /** What flows may do under Node's permission model; null: it is off. */
  readonly childPermission: ChildPermission | null;
  /** Where tries of tasks run, unless flow or task say it. */
  readonly executor: RunnerConfig["executor"];
  readonly logLevel: string;
  /** What the user has decided about what leaves; null: the nearest `weir.boundary.yaml` from `workingDirectory` upward, if there is one. */
  readonly boundaryFile: string | null;
  readonly workingDirectory: string;
  /** Files with private keys that all agents of a tenant share: for opening what is sealed, and for digests and pseudonyms. */
  readonly sealKeyFile: string | null;
  readonly hmacKeyFile: string | null;
  /** File with the agent's own private key for signing what its runs start. */
  readonly signKeyFile: string | null;
  /** Whether log lines may leave at all. The switch of the founding page, and it holds for the agent's own lines too. */
  readonly sendLogs: boolean;
  /** Variables that flows get, beyond the allow-list of every child. Values that look secret are struck out of what leaves. */
  readonly flowEnvironment: Readonly<Record<string, string>>;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export const AGENT_DEFAULTS = {
  apiUrl: "http://127.0.0.1:4680",
  capacity: 10,
  directory: "./.weir/agent",
  resultsDirectory: "./.weir/results",
  codeDirectory: null,
  warmChildren: 1,
  // Kubernetes kills 30 s after SIGTERM: what is left is for stopping children and giving leases back.
  drainSeconds: 15,
  onLeaseLost: "stop",
  childReuse: "on",
  keyFile: null,
  childUser: null,
  childPermission: null,
  executor: "concurrent",
  logLevel: "info",
  sendLogs: true,
  boundaryFile: null,
  workingDirectory: ".",
  sealKeyFile: null,
  hmacKeyFile: null,
  signKeyFile: null,
} as const;

/** A variable that cannot be used. The message is a sentence for people and never holds the value of a key. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment. Paths are made absolute, so that the runner's children may stand elsewhere.
 * @throws ConfigError naming the variable, what is wrong with it and what it takes
 */
export function readConfig(env: Environment, hostname: string): AgentConfig {
  return {
    apiUrl: readUrl(env),
    key: readKey(env),
    keyFile: readPath(env, "WEIR_AGENT_KEY_FILE"),
    name: readName(env.WEIR_AGENT_NAME || hostname),
    labels: readList(env, "WEIR_AGENT_LABELS"),
    projects: env.WEIR_AGENT_PROJECTS ? readList(env, "WEIR_AGENT_PROJECTS") : null,
    capacity: readCount(env, "WEIR_AGENT_CAPACITY", AGENT_DEFAULTS.capacity, { least: 1, most: 10_000 }),
    directory: resolve(env.WEIR_AGENT_DIRECTORY || AGENT_DEFAULTS.directory),
    resultsDirectory: resolve(env.WEIR_AGENT_RESULTS_DIRECTORY || AGENT_DEFAULTS.resultsDirectory),
    codeDirectory: readPath(env, "WEIR_AGENT_CODE_DIRECTORY"),
    warmChildren: readCount(env, "WEIR_AGENT_WARM_CHILDREN", AGENT_DEFAULTS.warmChildren, { least: 0, most: 100 }),
    healthAddress: env.WEIR_AGENT_HEALTH_ADDRESS || null,
    drainSeconds: readCount(env, "WEIR_AGENT_DRAIN_SECONDS", AGENT_DEFAULTS.drainSeconds, { least: 0, most: 86_400 }),
    onLeaseLost: readChoice(env, "WEIR_AGENT_ON_LEASE_LOST", ["stop", "continue"], AGENT_DEFAULTS.onLeaseLost),
    childReuse: readChoice(env, "WEIR_AGENT_CHILD_REUSE", ["on", "off"], AGENT_DEFAULTS.childReuse),
    childUser: env.WEIR_AGENT_CHILD_USER || null,
    childPermission: readPermission(env),
    executor: readChoice(env, "WEIR_AGENT_EXECUTOR", ["concurrent", "threads"], AGENT_DEFAULTS.executor),
    boundaryFile: readPath(env, "WEIR_BOUNDARY_FILE"),
    workingDirectory: resolve(AGENT_DEFAULTS.workingDirectory),
    sealKeyFile: readPath(env, "WEIR_AGENT_SEAL_KEY_FILE"),
    hmacKeyFile: readPath(env, "WEIR_AGENT_HMAC_KEY_FILE"),
    signKeyFile: readPath(env, "WEIR_AGENT_SIGN_KEY_FILE"),
    sendLogs: readChoice(env, "WEIR_AGENT_SEND_LOGS", ["on", "off"], "on") === "on",
    logLevel: readChoice(env, "WEIR_LOG_LEVEL", LOG_LEVELS, AGENT_DEFAULTS.logLevel),
    flowEnvironment: readFlowEnvironment(env),
  };
}

function readUrl(env: Environment): string {
  const text = env.WEIR_API_URL || AGENT_DEFAULTS.apiUrl;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === "https:" || url.protocol === "http:")) return text;
  throw new ConfigError(
    `WEIR_API_URL is ${JSON.stringify(text)}; it takes the cloud's URL, such as https://weir.example.com.`,
  );
}

function readKey(env: Environment): string {
  const file = env.WEIR_AGENT_KEY_FILE;
  const text = file ? readKeyFile(file) : (env.WEIR_AGENT_KEY ?? "");
  // Header values cannot hold anything else; the sentence must not repeat what was given.
  if (/^[\x21-\x7e]+$/.test(text.trim())) return text.trim();
  const problem = text.trim() === "" ? "no agent key is given" : "the agent key holds characters that no key has";
  throw new ConfigError(
    `The agent cannot start: ${problem}. Make a key with \`weir keys create NAME --scope agent\`, put it into a file of mode 0600 and name that file in WEIR_AGENT_KEY_FILE.`,
  );
}

/** A file with the key alone, or the keys.json that a cloud in embedded mode wrote. */
function readKeyFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`WEIR_AGENT_KEY_FILE names ${file}, which cannot be read: ${(error as Error).message}.`);
  }
  if (!text.trimStart().startsWith("{")) return text;
  try {
    const { agentKey } = JSON.parse(text) as { agentKey?: unknown };
    if (typeof agentKey === "string") return agentKey;
  } catch {
    // Told below: the parser's own message would quote the file.
  }
  throw new ConfigError(`WEIR_AGENT_KEY_FILE names ${file}, which is JSON without an "agentKey".`);
}

function readName(name: string): string {
  if (name.length <= LIMITS.nameLength) return name;
  throw new ConfigError(`WEIR_AGENT_NAME has ${name.length} characters; it takes ${LIMITS.nameLength} at most.`);
}

function readList(env: Environment, variable: string): string[] {
  const names = (env[variable] ?? "").split(",").map((name) => name.trim());
  const list = [...new Set(names.filter((name) => name !== ""))];
  if (list.length > LIMITS.labels)
    throw new ConfigError(`${variable} lists ${list.length} names; it takes ${LIMITS.labels} at most.`);
  const long = list.find((name) => name.length > LIMITS.nameLength);
  if (long === undefined) return list;
  throw new ConfigError(`${variable} lists a name of ${long.length} characters; ${LIMITS.nameLength} are allowed.`);
}

const PERMISSION = "WEIR_AGENT_CHILD_PERMISSION";

/** `off`, `on`, or what is granted besides: names of features, `read=` and `write=` with absolute paths. */
function readPermission(env: Environment): ChildPermission | null {
  const text = env[PERMISSION] || "off";
  if (text === "off") return null;
  const granted = { features: [] as ChildFeature[], read: [] as string[], write: [] as string[] };
  for (const grant of text === "on" ? [] : text.split(",").map((part) => part.trim())) addGrant(granted, grant);
  return granted;
}

function addGrant(granted: { features: ChildFeature[]; read: string[]; write: string[] }, grant: string): void {
  const feature = CHILD_FEATURES.find((name) => name === grant);
  if (feature !== undefined) return void granted.features.push(feature);
  const [, way, path] = /^(read|write)=(.+)$/.exec(grant) ?? [];
  if (path !== undefined && isAbsolute(path) && !path.includes("*"))
    return void granted[way === "read" ? "read" : "write"].push(resolve(path));
  throw new ConfigError(
    `${PERMISSION} grants ${JSON.stringify(grant)}; it takes off, on, or a list of ${CHILD_FEATURES.join(", ")}, read=PATH, write=PATH, with absolute paths and without *.`,
  );
}

/** The variables that WEIR_AGENT_PASS_ENV names. Weir's own are not for flows, nor what changes how programs are loaded. */
function readFlowEnvironment(env: Environment): Record<string, string> {
  const names = readList(env, "WEIR_AGENT_PASS_ENV");
  try {
    flowEnvironment(Object.fromEntries(names.map((name) => [name, ""])));
  } catch (error) {
    if (!(error instanceof FlowEnvironmentError)) throw error;
    throw new ConfigError(`WEIR_AGENT_PASS_ENV cannot be used. ${error.message}`);
  }
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function readPath(env: Environment, variable: string): string | null {
  const path = env[variable];
  return path ? resolve(path) : null;
}

function readCount(
  env: Environment,
  variable: string,
  fallback: number,
  range: { least: number; most: number },
): number {
  const text = env[variable];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= range.least && value <= range.most) return value;
  throw new ConfigError(
    `${variable} is ${JSON.stringify(text)}; it takes a whole number from ${range.least} to ${range.most}.`,
  );
}

function readChoice<T extends string>(env: Environment, variable: string, choices: readonly T[], fallback: T): T {
  const text = env[variable] || fallback;
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw new ConfigError(`${variable} is ${JSON.stringify(text)}; it takes one of ${choices.join(", ")}.`);
}
