import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import type { FlowRegistration } from "@weir/protocol";
import { startTestCloud, type TestCloud } from "@weir/testing/cloud";
import { onTestFinished } from "vitest";

const require = createRequire(import.meta.url);

/** A real cloud, and a folder with flows and the real SDK beside them. */
export interface RealStage {
  readonly cloud: TestCloud;
  readonly folder: string;
  /** Registers the flow of a file and starts a run of it. */
  startRun(file: string, flow: string, parameters: object): Promise<string>;
  ask<T>(query: string, variables: object): Promise<T>;
  stateOf(run: string): Promise<{ state: string; attempt: number }>;
}

/** Sets the stage for one test. */
export async function setRealStage(
  files: Readonly<Record<string, string>>,
  o: { readonly reportSeconds?: number; readonly scheduleSeconds?: number } = { reportSeconds: 1 },
): Promise<RealStage> {
  const cloud = await startTestCloud({ leaseSeconds: 45, ...o });
  const folder = await mkdtemp(join(tmpdir(), "weir agent flows "));
  onTestFinished(async () => {
    await cloud.stop();
    await rm(folder, { recursive: true, force: true });
  });
  await mkdir(join(folder, "node_modules", "@weir"), { recursive: true });
  await symlink(dirname(dirname(require.resolve("@weir/sdk"))), join(folder, "node_modules", "@weir", "sdk"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const [name, code] of Object.entries(files)) await writeFile(join(folder, name), code);
  const ask = async <T>(query: string, variables: object): Promise<T> => {
    const reply = await fetch(`${cloud.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${cloud.userKey}`, "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    return ((await reply.json()) as { data: T }).data;
  };
  return {
    cloud,
    folder,
    ask,
    startRun: async (file, flow, parameters) => {
      for (const registration of await inspect(join(folder, file)))
        await ask(REGISTER, { input: { project: "default", registration } });
      const { result } = await ask<{ result: { flowRun: { id: string } } }>(CREATE, {
        input: { project: "default", flow, parameters },
      });
      return result.flowRun.id;
    },
    stateOf: async (id) => (await ask<{ flowRun: { state: string; attempt: number } }>(STATE, { id })).flowRun,
  };
}

const REGISTER = `mutation ($input: RegisterFlowInput!) { result: registerFlow(input: $input) { __typename } }`;
const CREATE = `mutation ($input: CreateFlowRunInput!) { result: createFlowRun(input: $input) { ... on CreateFlowRunPayload { flowRun { id } } } }`;
const STATE = `query ($id: ID!) { flowRun(id: $id) { state attempt } }`;

/** Registrations of the flows of a file, read by the real SDK in a process of its own. */
export async function inspect(file: string): Promise<readonly FlowRegistration[]> {
  const child = spawn(process.execPath, [require.resolve("@weir/sdk/inspect"), file], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const [document] = await Promise.all([text(child.stdio[3] as Readable), once(child, "exit")]);
  return (JSON.parse(document) as { flows: readonly FlowRegistration[] }).flows;
}
