import { join } from "node:path";
import { startTestCloud, type TestCloud } from "@weir/testing/cloud";
import { BROKEN_FILES, GATE_FLOW, SUM_FLOW } from "./flows.ts";
import { type Ended, makeProject, removeProject, type RunningWeir, startWeir, weir, type WeirOptions } from "./weir.ts";

/** A real cloud, a project of a user, and the command line between them. */
export interface CliStage {
  readonly cloud: TestCloud;
  readonly folder: string;
  /** Runs `weir …` in the user's folder with the cloud's user key. */
  weir(args: readonly string[], options?: WeirOptions): Promise<Ended>;
  /** The same, and its --json document. */
  json<T>(args: readonly string[], options?: WeirOptions): Promise<T & { code: number | null }>;
  start(args: readonly string[], options?: WeirOptions): RunningWeir;
  end(): Promise<void>;
}

/** @param withAgent starts an agent by `weir agent start` */
export async function setStage(withAgent: boolean): Promise<CliStage> {
  const cloud = await startTestCloud({ leaseSeconds: 30, reportSeconds: 2 });
  const folder = await makeProject({ "sum.flow.ts": SUM_FLOW, "gate.flow.ts": GATE_FLOW, ...BROKEN_FILES });
  const env = { WEIR_API_URL: cloud.url, WEIR_API_KEY: cloud.userKey };
  const settled = (options: WeirOptions = {}): WeirOptions => ({
    cwd: folder,
    ...options,
    env: { ...env, ...options.env },
  });
  const agentEnv = { WEIR_API_URL: cloud.url, WEIR_AGENT_KEY: cloud.agentKey, WEIR_AGENT_DRAIN_SECONDS: "0" };
  const agent = withAgent
    ? startWeir(["agent", "start", "--name", "box", "--directory", "agent"], { cwd: folder, env: agentEnv })
    : null;
  return {
    cloud,
    folder,
    weir: (args, options) => weir(args, settled(options)),
    json: async <T>(args: readonly string[], options?: WeirOptions) => {
      const { out, code, err } = await weir([...args, "--json"], settled(options));
      if (out === "") throw new Error(`nothing on stdout, but: ${err}`);
      return { ...(JSON.parse(out) as T), code };
    },
    start: (args, options) => startWeir(args, settled(options)),
    end: async () => {
      agent?.child.kill("SIGTERM");
      await agent?.ended;
      await cloud.stop();
      await removeProject(folder);
    },
  };
}

/** A file that opens the gate of the gate flow. */
export const gateFile = (stage: CliStage, name: string): string => join(stage.folder, name);
