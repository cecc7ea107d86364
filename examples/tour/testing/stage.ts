import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startTestCloud } from "@weir/testing/cloud";

const WEIR = resolve(import.meta.dirname, "../../../apps/cli/src/main.ts");
const TOUR = resolve(import.meta.dirname, "..");

/** What the agent's side has as WEATHER_KEY. */
export const SECRET = "open, sesame";

/** A task run as the command line tells it. */
export interface ShownTaskRun {
  readonly number: number;
  readonly task: string;
  readonly mapIndex: number | null;
  readonly parent: number | null;
  readonly state: string;
  readonly attempt: number;
}

/** A run as `weir run --json` and `weir runs show --json` tell it. */
export interface ShownRun {
  readonly flowRun: { readonly id: string; readonly state: string; readonly attempt: number };
  readonly taskRuns: readonly ShownTaskRun[];
  readonly logs: readonly { readonly text: string }[];
}

/** A real cloud and a real agent, and the command line in the folder of the examples. */
export interface Stage {
  /** Runs `weir …` and gives its JSON document. */
  weir<T = ShownRun>(...args: readonly string[]): Promise<T>;
  end(): Promise<void>;
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const own = { PATH: process.env.PATH ?? "", HOME: tmpdir(), ...env };
  return spawn(process.execPath, [WEIR, ...args], { cwd: TOUR, env: own, stdio: ["ignore", "pipe", "pipe"] });
}

async function outputOf(child: ChildProcess): Promise<string> {
  const seen = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => (seen.out += piece));
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => (seen.err += piece));
  await once(child, "close");
  if (seen.out === "") throw new Error(`nothing on stdout, but: ${seen.err}`);
  return seen.out;
}

/** Starts all of it. Each part is the real one, in a process of its own but for the cloud. */
export async function setStage(): Promise<Stage> {
  const cloud = await startTestCloud({ leaseSeconds: 30, reportSeconds: 2 });
  const directory = await mkdtemp(join(tmpdir(), "weir tour "));
  const secrets = join(directory, "secrets");
  await mkdir(secrets);
  await writeFile(join(secrets, "WEATHER_KEY"), `${SECRET}\n`);
  const agent = start(["agent", "start", "--name", "tour", "--directory", directory], {
    WEIR_API_URL: cloud.url,
    WEIR_AGENT_KEY: cloud.agentKey,
    WEIR_AGENT_DRAIN_SECONDS: "0",
    WEIR_AGENT_RESULTS_DIRECTORY: join(directory, "results"),
    WEIR_AGENT_PASS_ENV: "SECRETS_DIRECTORY",
    SECRETS_DIRECTORY: secrets,
  });
  const over = outputOf(agent).catch(() => "");
  const env = { WEIR_API_URL: cloud.url, WEIR_API_KEY: cloud.userKey };
  return {
    weir: async <T>(...args: readonly string[]) => JSON.parse(await outputOf(start([...args, "--json"], env))) as T,
    end: async () => {
      agent.kill("SIGTERM");
      await over;
      await cloud.stop();
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
