import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClaimedRun, makeId } from "@weir/protocol";
import { eventually } from "../eventually.ts";
import { root } from "../repository/repository.ts";
import { HostileCloud } from "./hostile-cloud.ts";

/** What must never be sent, each told apart by its own random part. */
export interface Canaries {
  /** In the environment of the agent. */
  readonly environment: string;
  /** In a file that no flow has anything to do with. */
  readonly file: string;
  /** Logged by the flow, where the policy drops log lines. */
  readonly log: string;
}

/** A real agent in a process of its own, real flows on disk, and the hostile cloud that the agent believes in. */
export interface HostileStage {
  readonly cloud: HostileCloud;
  readonly canaries: Canaries;
  /** Where flows may lie. */
  readonly allowed: string;
  /** Where they may not, with a flow in it that would run anywhere else. */
  readonly forbidden: string;
  readonly agent: ChildProcess;
  /** A run that a good cloud would give, with what is to be otherwise. */
  readonly run: (given?: Partial<Record<keyof ClaimedRun, unknown>>) => ClaimedRun;
  readonly storage: (directory: string, entry?: string, files?: readonly string[]) => ClaimedRun["storage"];
  /** Whether the flow was begun that was to leave this mark. */
  readonly marked: (mark: string) => boolean;
  /** What the flow that asks was told so far, of this mark; undefined: it was not begun. */
  readonly told: (mark: string) => unknown;
  readonly log: () => string;
  /** Memory that the agent's process has now, MiB. */
  readonly memoryMiB: () => number;
  /** CPU that the agent's process has used so far. */
  readonly cpuSeconds: () => number;
  /** Whether a good run, given now, succeeds. */
  readonly goodRun: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Leaves a mark beside itself when it is begun, and says something. */
const FLOW = `import { readFileSync, writeFileSync } from "node:fs";
import { flow, run, task } from "@weir/sdk";
const use = task("use", (value: unknown) => typeof value);
const give = task("give", () => 1);
export default flow("mark", async () => {
  const { mark } = run.parameters as { mark: string };
  writeFileSync(new URL(\`./\${mark}.mark\`, import.meta.url), "begun");
  run.log.info(readFileSync(new URL("./canary.txt", import.meta.url), "utf8"));
  return await use(give());
});
`;

/** Asks all that a flow can ask the cloud, and writes down what it was told: a cached value that is not its own, say. */
const ASKING = `import { writeFileSync } from "node:fs";
import { flow, run, startFlowRun, task, waitForFlowRun } from "@weir/sdk";
const kept = task("kept", { cacheFor: "1h" }, () => "fresh");
const slotted = task("slotted", { tags: ["db"] }, () => 1);
export default flow("asks", async () => {
  const { mark } = run.parameters as { mark: string };
  const told = (text: unknown) => writeFileSync(new URL(\`./\${mark}.mark\`, import.meta.url), JSON.stringify(text));
  told("begun");
  const value = await kept();
  await slotted();
  told({ value });
  const { state } = await waitForFlowRun(await startFlowRun("other"), { raise: false });
  told({ value, state });
});
`;

/** Asks the key-value store, and writes down what it was told. */
const KEEPING = `import { writeFileSync } from "node:fs";
import { flow, kv, run } from "@weir/sdk";
export default flow("keeps", async () => {
  const { mark } = run.parameters as { mark: string };
  const told = (text: unknown) => writeFileSync(new URL(\`./\${mark}.mark\`, import.meta.url), JSON.stringify(text));
  told("begun");
  const entry = await kv.entry("cursor");
  const version = await kv.set("cursor", 1);
  told({ entry, version, deleted: await kv.delete("cursor") });
});
`;

/** Its task is tried again in an hour: until then the agent gives the lease back. */
const LATER = `import { flow, task } from "@weir/sdk";
const fails = task("fails", { retries: 1, retryDelay: "1h" }, () => {
  throw new Error("not now");
});
export default flow("later", async () => await fails());
`;

const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

/** Sets the stage: an agent that serves one project, has one label and room for two, with a policy that names one directory of code. */
export async function setHostileStage(
  o: { policy?: string; env?: Record<string, string> } = {},
): Promise<HostileStage> {
  const folder = mkdtempSync(join(tmpdir(), "weir-hostile-"));
  const canary = (): string => `canary-${randomBytes(12).toString("hex")}`;
  const canaries = { environment: canary(), file: canary(), log: canary() };
  const allowed = folderWithFlow(folder, "allowed", canaries.log);
  const forbidden = folderWithFlow(folder, "forbidden", canaries.log);
  writeFileSync(join(folder, "elsewhere.json"), JSON.stringify(canaries.file));
  writeFileSync(join(folder, "weir.boundary.yaml"), o.policy ?? policyText(allowed));
  const cloud = new HostileCloud();
  await cloud.start();
  const logFile = join(folder, "agent.log");
  const agent = startAgent(folder, cloud, logFile, { CANARY: canaries.environment, ...o.env });
  const log = (): string => readFileSync(logFile, "utf8");
  const storage = (directory: string, entry = "mark.flow.ts", files: readonly string[] = [entry]) =>
    storageOf(directory, entry, files);
  const run = (given: Partial<Record<keyof ClaimedRun, unknown>> = {}) =>
    ({ ...goodClaim(storage(allowed)), ...given }) as ClaimedRun;
  const marked = (mark: string): boolean => [allowed, forbidden].some((path) => existsSync(join(path, `${mark}.mark`)));
  return {
    cloud,
    canaries,
    allowed,
    forbidden,
    agent,
    run,
    storage,
    marked,
    told: (mark) => {
      const path = join(allowed, `${mark}.mark`);
      return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as unknown) : undefined;
    },
    log,
    memoryMiB: () => memoryMiB(agent),
    cpuSeconds: () => cpuSeconds(agent),
    goodRun: async () => {
      const mark = `good-${makeId()}`;
      const good = run({ parameters: { mark } });
      cloud.offer(good);
      await eventually(() => cloud.endOf(good.runId) !== undefined, { timeoutMs: 50_000 });
      if (cloud.endOf(good.runId) !== "Success" || !marked(mark))
        throw new Error(`a good run ended as ${cloud.endOf(good.runId)}: ${JSON.stringify(cloud.events(good.runId))}`);
    },
    end: async () => {
      if (agent.exitCode === null && agent.signalCode === null) {
        agent.kill("SIGKILL");
        await once(agent, "exit");
      }
      await cloud.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const policyText = (allowed: string): string => `version: 1
classes:
  log: drop
code:
  directories:
    - ${JSON.stringify(allowed)}
`;

function folderWithFlow(folder: string, name: string, canary: string): string {
  const directory = join(folder, name);
  mkdirSync(join(directory, "node_modules", "@weir"), { recursive: true });
  symlinkSync(join(root, "packages", "sdk"), join(directory, "node_modules", "@weir", "sdk"));
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  writeFileSync(join(directory, "mark.flow.ts"), FLOW);
  writeFileSync(join(directory, "asks.flow.ts"), ASKING);
  writeFileSync(join(directory, "keeps.flow.ts"), KEEPING);
  writeFileSync(join(directory, "later.flow.ts"), LATER);
  writeFileSync(join(directory, "canary.txt"), canary);
  return directory;
}

function startAgent(folder: string, cloud: HostileCloud, logFile: string, env: Record<string, string>): ChildProcess {
  const log = openSync(logFile, "a");
  const agent = spawn(process.execPath, [join(root, "apps", "agent", "src", "main.ts")], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      WEIR_API_URL: cloud.url,
      WEIR_AGENT_KEY: cloud.agentKey,
      WEIR_AGENT_NAME: "held",
      WEIR_AGENT_PROJECTS: "ours",
      WEIR_AGENT_LABELS: "linux",
      WEIR_AGENT_CAPACITY: "2",
      WEIR_AGENT_WARM_CHILDREN: "0",
      ...env,
    },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  return agent;
}

function storageOf(directory: string, entry: string, files: readonly string[]): ClaimedRun["storage"] {
  const listed = files.map((path) => ({ path, sha256: sha256(readOr(join(directory, path))) }));
  const lines = listed.map((file) => `${file.sha256}  ${file.path}\n`).sort();
  return { kind: "local", directory, entry, codeDigest: sha256(lines.join("")), files: listed };
}

/** A cloud may name what is not there. */
function readOr(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

function goodClaim(storage: ClaimedRun["storage"]): ClaimedRun {
  const mark = `mark-${makeId()}`;
  return {
    runId: makeId(),
    runName: "calm-river",
    attempt: 1,
    leaseSeconds: 45,
    reportSeconds: 10,
    runToken: `run-${makeId()}`,
    project: "ours",
    flow: "mark",
    flowVersion: 1,
    storage,
    parameters: { mark },
    labels: ["linux"],
    scheduledStartTime: 1,
    createdAt: 1,
    known: [],
  };
}

function memoryMiB({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** User and system time, fields 14 and 15, in ticks of 10 ms; the name before them may hold blanks. */
function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
