import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@weir/client";
import { createGate, createSigner, type Signer } from "@weir/gate";
import { type FlowRegistration, isTerminal, type StateName } from "@weir/protocol";
import { makeSigningKey, type SigningJwk } from "@weir/protocol/signing";
import { onTestFinished } from "vitest";
import { type Agent, startAgent } from "../agent.ts";
import { AGENT_DEFAULTS } from "../config.ts";
import { eventually } from "./eventually.ts";
import { inspect, type RealStage, setRealStage } from "./real-stage.ts";
import { memoryLog, temporaryDirectory } from "./start.ts";

/** Somebody who may sign. */
export interface Person {
  readonly name: string;
  readonly key: SigningJwk;
  readonly signer: Signer;
}

/** Makes one, with a key of their own. */
export async function person(name: string): Promise<Person> {
  const key = await makeSigningKey();
  return { name, key, signer: await createSigner(key) };
}

/** How a run ended. */
export interface RunEnd {
  readonly state: StateName;
  readonly code: string | undefined;
  readonly why: string;
  readonly attempt: number;
}

/** A real cloud, real flows, and the user's side that signs for it. */
export interface SignedStage extends RealStage {
  /** Registers one flow of the stage's file as the CLI does. `change`: what differs from what the file says. */
  readonly register: (
    flow: string,
    by: Person | null,
    change?: Partial<FlowRegistration>,
    project?: string,
  ) => Promise<void>;
  /** Starts a run as the CLI does. */
  readonly start: (flow: string, by: Person | null, parameters?: object, project?: string) => Promise<string>;
  /** Whoever can write in the cloud's database. */
  readonly tamper: (sql: string, values?: readonly unknown[]) => Promise<void>;
  readonly ended: (id: string) => Promise<RunEnd>;
  /** Whether any code of a run with this word has run. */
  readonly ran: (word: string) => boolean;
  readonly startAgent: (o: AgentOptions) => Promise<{ agent: Agent; lines: readonly string[] }>;
}

export interface AgentOptions {
  readonly trusts: readonly Person[];
  readonly revoked?: readonly Person[];
  readonly own?: Person;
}

const REGISTER = `mutation RegisterFlow($input: RegisterFlowInput!) { result: registerFlow(input: $input) { __typename ... on Refusal { message } } }`;
const CREATE = `mutation CreateFlowRun($input: CreateFlowRunInput!) { result: createFlowRun(input: $input) { ... on CreateFlowRunPayload { flowRun { id } } ... on Refusal { message } } }`;
const ENDED = `query ($id: ID!) { flowRun(id: $id) { state attempt failure } }`;

const hmacKey = Buffer.alloc(32, 1);

/** Sets the stage for one test. @param files `flows.ts` and others; a flow writes the file `<word>.ran` when it runs */
export async function setSignedStage(files: Readonly<Record<string, string>>): Promise<SignedStage> {
  const stage = await setRealStage({ ...files }, { reportSeconds: 1, scheduleSeconds: 0.1 });
  const flows = await inspect(join(stage.folder, "flows.ts"));
  const send = async <T>(operation: "RegisterFlow" | "CreateFlowRun", input: object, by: Person | null): Promise<T> => {
    const gate = createGate({ ledgerFile: null, hmacKey, ...(by === null ? {} : { signer: by.signer }) });
    const client = createClient({ url: stage.cloud.url });
    const query = operation === "RegisterFlow" ? REGISTER : CREATE;
    const request = { operationName: operation, query, variables: { input } };
    const passed = await gate.pass("graphql", request);
    const { result } = await client.graphql<{ result: T & { message?: string } }>(passed, {
      token: stage.cloud.userKey,
    });
    await Promise.all([client.close(), gate.close()]);
    if (result.message !== undefined) throw new Error(result.message);
    return result;
  };
  return {
    ...stage,
    register: async (flow, by, change = {}, project = "default") => {
      const found = flows.find(({ name }) => name === flow);
      if (found === undefined) throw new Error(`no flow ${flow}`);
      await send("RegisterFlow", { project, registration: { ...found, ...change } }, by);
    },
    start: async (flow, by, parameters, project = "default") => {
      const given = parameters === undefined ? {} : { parameters };
      const { flowRun } = await send<{ flowRun: { id: string } }>("CreateFlowRun", { project, flow, ...given }, by);
      return flowRun.id;
    },
    tamper: async (sql, values = []) => void (await stage.cloud.database.pool.query(sql, [...values])),
    ended: (id) => endOf(stage, id),
    ran: (word) => existsSync(join(stage.folder, `${word}.ran`)),
    startAgent: (o) => startSignedAgent(stage, o),
  };
}

interface TheEnd {
  readonly state: StateName;
  readonly attempt: number;
  readonly failure: { readonly code?: string; readonly message: string } | null;
}

async function endOf(stage: RealStage, id: string): Promise<RunEnd> {
  const look = async () => (await stage.ask<{ flowRun: TheEnd }>(ENDED, { id })).flowRun;
  await eventually("the end of a run", async () => isTerminal((await look()).state), 60_000);
  const { state, attempt, failure } = await look();
  return { state, attempt, code: failure?.code, why: failure?.message ?? "" };
}

async function startSignedAgent(stage: RealStage, { trusts, revoked = [], own }: AgentOptions) {
  const log = memoryLog();
  const directory = await temporaryDirectory();
  const boundaryFile = join(directory, "weir.boundary.yaml");
  const entries = trusts.map(({ name, signer }) => ({ name, jwk: signer.publicKey }));
  // JSON is YAML.
  const sign = { trustedSigners: entries, revoked: revoked.map(({ signer }) => signer.kid) };
  await writeFile(boundaryFile, JSON.stringify({ version: 1, sign }));
  const signKeyFile = own === undefined ? null : join(directory, "sign.json");
  if (signKeyFile !== null) await writeFile(signKeyFile, JSON.stringify(own?.key), { mode: 0o600 });
  const { url: apiUrl, agentKey: key } = stage.cloud;
  const places = { directory: join(directory, "agent"), resultsDirectory: join(stage.folder, "results") };
  const nothing = { labels: [], projects: null, healthAddress: null, flowEnvironment: {}, warmChildren: 0 };
  const agent = await startAgent(
    { ...AGENT_DEFAULTS, ...nothing, ...places, apiUrl, key, name: "only", drainSeconds: 0, boundaryFile, signKeyFile },
    { log, runner: { graceMs: 500 } },
  );
  onTestFinished(() => agent.stop("now"));
  return { agent, lines: log.lines };
}
