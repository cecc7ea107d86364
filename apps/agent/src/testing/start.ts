import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Agent, type AgentDeps, startAgent } from "../agent.ts";
import type { AgentLog } from "../agent-log.ts";
import { AGENT_DEFAULTS, type AgentConfig } from "../config.ts";
import type { FakeCloud } from "./fake-cloud.ts";
import { recordingHost } from "./recording-host.ts";

/** Keeps what an agent logged, by level. */
export function memoryLog(): AgentLog & { readonly lines: string[] } {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (details: object | string, sentence?: string): void =>
      void lines.push(`${level}: ${sentence ?? (typeof details === "string" ? details : JSON.stringify(details))}`);
  return { lines, debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** A directory for one test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir agent "));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The configuration of an agent of a fake cloud. */
export async function configFor(cloud: FakeCloud, given: Partial<AgentConfig> = {}): Promise<AgentConfig> {
  const directory = given.directory ?? (await temporaryDirectory());
  return {
    ...AGENT_DEFAULTS,
    apiUrl: cloud.url,
    key: cloud.key,
    name: "test",
    labels: [],
    projects: null,
    directory,
    warmChildren: 0,
    healthAddress: null,
    drainSeconds: 0,
    flowEnvironment: {},
    ...given,
  };
}

/** Starts an agent on a fake cloud with a runner that only records, and stops it with the test. */
export async function startRecordedAgent(
  cloud: FakeCloud,
  given: Partial<AgentConfig> = {},
  deps: Partial<AgentDeps> = {},
) {
  const host = recordingHost();
  const log = memoryLog();
  const config = await configFor(cloud, given);
  const agent: Agent = await startAgent(config, { log, createRunnerHost: host.createRunnerHost, ...deps });
  onTestFinished(() => agent.stop("now"));
  return { agent, host, log, config };
}
