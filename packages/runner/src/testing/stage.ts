import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudClient, createClient } from "@weir/client";
import { createGate, type Gate } from "@weir/gate";
import { type ClaimedRun, makeId } from "@weir/protocol";
import { onTestFinished } from "vitest";
import type { RunnerConfig } from "../config.ts";
import type { RunHandle } from "../run-handle.ts";
import { createRunnerHost, type RunnerHost, type RunnerHostOptions } from "../runner-host.ts";
import { CloudRun, FakeCloud } from "./fake-cloud.ts";
import { type FlowDirectory, makeFlowDirectory } from "./flow-directory.ts";
import { QUICK, rememberingLog, type Told } from "./host-defaults.ts";

/** Everything around a runner: a cloud, a client, a gate, a flow's directory, an agent's directory. Ends with the test. */
export interface Stage {
  readonly cloud: FakeCloud;
  readonly client: CloudClient;
  readonly gate: Gate;
  readonly flow: FlowDirectory;
  readonly dataDirectory: string;
  readonly host: RunnerHost;
  /** What the runner told its log. */
  readonly told: Told[];
  /** A claimed run, known to the cloud. `parameters` say how the fake child behaves. */
  readonly claim: (parameters: object, o?: Partial<ClaimedRun>) => ClaimedRun;
  /** Claims a run and hands it to the runner. */
  readonly begin: (
    parameters: object,
    o?: Partial<ClaimedRun>,
  ) => { handle: RunHandle; run: CloudRun; claimed: ClaimedRun };
}

const HMAC_KEY = Buffer.alloc(32, 1);

/** A claim of a run as the cloud would give it. */
export function claimOf(flow: FlowDirectory, parameters: object, o: Partial<ClaimedRun> = {}): ClaimedRun {
  const now = Date.now();
  return {
    runId: makeId(),
    runName: "brave-otter",
    attempt: 1,
    leaseSeconds: 30,
    reportSeconds: 5,
    runToken: `run-token-${makeId()}`,
    project: "default",
    flow: "fake",
    flowVersion: 1,
    storage: flow.storage,
    parameters,
    labels: [],
    scheduledStartTime: now,
    createdAt: now,
    known: [],
    ...o,
  };
}

/** Sets the stage for one test. */
export async function setStage(config: Partial<RunnerConfig> = {}, o: Partial<RunnerHostOptions> = {}): Promise<Stage> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "weir-agent-"));
  const cloud = await FakeCloud.start();
  const flow = await makeFlowDirectory();
  const client = createClient({ url: cloud.url });
  const gate = createGate({ ledgerFile: null, hmacKey: HMAC_KEY });
  const told: Told[] = [];
  const log = rememberingLog(told);
  const host = createRunnerHost({ client, gate, dataDirectory, log, config: { ...QUICK, ...config }, ...o });
  onTestFinished(async () => {
    await host.close();
    await client.close();
    await cloud.stop();
    await gate.close();
    await flow.remove();
    await rm(dataDirectory, { recursive: true, force: true });
  });
  const claim: Stage["claim"] = (parameters, claimed) => {
    const made = claimOf(flow, parameters, claimed);
    const { attempt, runToken: token, leaseSeconds } = made;
    cloud.runs.set(made.runId, new CloudRun({ attempt, token, leaseSeconds }));
    return made;
  };
  const begin: Stage["begin"] = (parameters, claimed) => {
    const made = claim(parameters, claimed);
    return { handle: host.run(made, performance.now()), run: cloud.run(made.runId), claimed: made };
  };
  return { cloud, client, gate, flow, dataDirectory, host, told, claim, begin };
}
