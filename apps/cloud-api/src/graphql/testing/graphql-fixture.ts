import { randomBytes } from "node:crypto";
import { makeId, type RunEvent } from "@weir/protocol";
import { createTestDatabase } from "@weir/testing/database";
import type { FastifyInstance } from "fastify";
import { createApiKey } from "../../api-keys/api-keys.ts";
import { type AppDeps, buildApp } from "../../app.ts";
import { cloudConfig } from "../../config.ts";
import { databaseUrls } from "../../database/connection-options.ts";
import { type Database, openDatabase } from "../../database/index.ts";
import { createLog } from "../../own-log/create-log.ts";
import { Readiness } from "../../readiness.ts";
import { createSecrets } from "../../secrets.ts";
import { createWake } from "../../wake/wake.ts";

/** A tenant with a project `default`, and a key of each scope. */
export interface TestTenant {
  readonly tenantId: string;
  readonly userKey: string;
  readonly agentKey: string;
}

interface TestError {
  readonly message: string;
  readonly extensions: { readonly code: string };
}

/** What came back over HTTP. */
interface Answer<T> {
  readonly status: number;
  readonly body: { readonly data?: T; readonly errors?: readonly TestError[] };
}

/** A cloud of one's own, with a database of its own. */
export interface GraphqlFixture {
  readonly app: FastifyInstance;
  readonly deps: AppDeps;
  readonly database: Database;
  /** Lines of the cloud's log, as JSON. */
  readonly logged: string[];
  makeTenant(): Promise<TestTenant>;
  /** Sends one operation. Variables as text are JSON that `JSON.stringify` would not write: too deep for it, or with `__proto__`. */
  post<T>(key: string, query: string, variables?: object | string): Promise<Answer<T>>;
  /** The data of an operation that must succeed. */
  ask<T>(tenant: TestTenant, query: string, variables?: object): Promise<T>;
  stop(): Promise<void>;
}

/** Generated tests ask more in a minute than any program may. */
const NO_RATES = { costOfKey: 0, costOfTenant: 0, claims: 0, enrolments: 0, strangers: 0 };

/** Starts one. `wake` may be replaced, to look at who listens. */
export async function startGraphqlFixture(
  o: { wake?: AppDeps["wake"]; logLevel?: "trace"; config?: Partial<AppDeps["config"]> } = {},
): Promise<GraphqlFixture> {
  const testDatabase = await createTestDatabase();
  const { url } = testDatabase;
  const database = openDatabase({ url: databaseUrls({ url }).app, maxConnections: 5 });
  const logged: string[] = [];
  const log = createLog(o.logLevel ?? "warn", { write: (line: string) => void logged.push(line) });
  const secrets = createSecrets(randomBytes(32).toString("base64url"));
  const wake = o.wake ?? createWake(url, log);
  const readiness = new Readiness(database.pool);
  // 0 is no limit: the event loop is the test runner's as well, and a busy machine must not turn tests away.
  const overload = { eventLoopDelayMs: 0, heapBytes: 0 };
  const config = cloudConfig({ database: { url }, overload, rates: NO_RATES, ...o.config });
  const lanes = { claims: database.pool, reports: database.pool };
  const deps: AppDeps = { database, lanes, secrets, wake, config, log, readiness };
  const app = await buildApp(deps);

  const post: GraphqlFixture["post"] = async (key, query, variables) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const payload = typeof variables === "string" ? bodyWith(query, variables) : JSON.stringify({ query, variables });
    const reply = await app.inject({ method: "POST", url: "/graphql", headers, payload });
    return { status: reply.statusCode, body: reply.json() };
  };
  return {
    app,
    deps,
    database: testDatabase.database,
    logged,
    post,
    makeTenant: () => makeTenant({ ...deps, database: testDatabase.database }),
    async ask<T>({ userKey }: TestTenant, query: string, variables?: object) {
      const { body } = await post<T>(userKey, query, variables);
      if (body.errors !== undefined || body.data === undefined) throw new Error(JSON.stringify(body));
      return body.data;
    },
    async stop() {
      await app.close();
      await wake.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}

function bodyWith(query: string, variables: string): string {
  return `{"query":${JSON.stringify(query)},"variables":${variables}}`;
}

async function makeTenant({ database: { pool }, secrets }: AppDeps): Promise<TestTenant> {
  const tenantId = makeId();
  await pool.query("insert into tenants (id, name) values ($1, $2)", [tenantId, `tenant ${tenantId}`]);
  await pool.query("insert into projects (id, tenant_id, name) values ($1, $2, 'default')", [makeId(), tenantId]);
  const user = await createApiKey(pool, secrets, {
    tenantId,
    name: "user key",
    scope: "user",
    rights: { role: "owner" },
  });
  const agent = await createApiKey(pool, secrets, { tenantId, name: "agent key", scope: "agent" });
  return { tenantId, userKey: user.key, agentKey: agent.key };
}

/** A registration that is taken as it stands. */
export function registration(name: string, changes: object = {}): Record<string, unknown> {
  return {
    name,
    labels: [],
    tasks: [{ name: "load", tags: [], retries: 0 }],
    storage: { kind: "local", directory: "/flows", entry: `${name}.ts`, codeDigest: "a".repeat(64), files: [] },
    sdkVersion: "0.1.0",
    ...changes,
  };
}

const REGISTER = `mutation RegisterFlow($input: RegisterFlowInput!) {
  registerFlow(input: $input) { ... on RegisterFlowPayload { created flowVersion { id number flow { id } } } ... on Refusal { code message } }
}`;
const CREATE = `mutation CreateFlowRun($input: CreateFlowRunInput!) {
  createFlowRun(input: $input) { ... on CreateFlowRunPayload { flowRun { id } } ... on Refusal { code message } }
}`;

/** Registers a flow, when it is not there, and creates a run of it. Answers the run's id. */
export async function createRun(
  fixture: GraphqlFixture,
  tenant: TestTenant,
  flow: string,
  input: object = {},
): Promise<string> {
  await fixture.ask(tenant, REGISTER, { input: { project: "default", registration: registration(flow) } });
  const { createFlowRun } = await fixture.ask<{ createFlowRun: { flowRun: { id: string } } }>(tenant, CREATE, {
    input: { project: "default", flow, ...input },
  });
  return createFlowRun.flowRun.id;
}

/** An agent of a tenant, at the run door. */
export interface TestAgent {
  /** Claims what is due and answers the runs' ids. */
  claim(): Promise<string[]>;
  /** Reports the events after those that were reported before. */
  report(runId: string, events: readonly RunEvent[]): Promise<void>;
}

interface Held {
  readonly runToken: string;
  readonly attempt: number;
  next: number;
}

/** Enrols an agent by HTTP, as a real one does. */
export async function enrolAgent(
  { app }: GraphqlFixture,
  { agentKey }: TestTenant,
  name = "agent",
): Promise<TestAgent> {
  const send = async <T>(path: string, token: string, payload: object): Promise<T> => {
    const reply = await app.inject({
      method: "POST",
      url: path,
      headers: { authorization: `Bearer ${token}` },
      payload,
    });
    if (reply.statusCode !== 200) throw new Error(`${path}: ${reply.statusCode} ${reply.body}`);
    return reply.json<T>();
  };
  const enrolment = { name, labels: [], launchers: ["process"], version: "0.1.0", apiVersion: 1, capacity: 10 };
  const { sessionToken } = await send<{ sessionToken: string }>("/v1/agents", agentKey, enrolment);
  const held = new Map<string, Held>();
  return {
    async claim() {
      const wanted = { room: 50, waitSeconds: 0, labels: [], holding: [] };
      const { runs } = await send<{ runs: (Held & { runId: string })[] }>("/v1/claims", sessionToken, wanted);
      for (const { runId, runToken, attempt } of runs) held.set(runId, { runToken, attempt, next: 1 });
      return runs.map((run) => run.runId);
    },
    async report(runId, events) {
      const run = held.get(runId);
      if (run === undefined) throw new Error(`The run ${runId} is not held.`);
      await send(`/v1/runs/${runId}/reports`, run.runToken, { attempt: run.attempt, first: run.next, events });
      run.next += events.length;
    },
  };
}

const AT = 1_700_000_000_000;

/** Events of a small flow: `tasks` task runs that succeed, a log line each, and the end. */
export function storyOf(tasks: number): { begin: RunEvent[]; tasks: RunEvent[]; end: RunEvent[] } {
  const numbers = Array.from({ length: tasks }, (_, i) => i + 1);
  return {
    begin: [{ kind: "flow", at: AT, state: "Running" }],
    tasks: numbers.flatMap((number): RunEvent[] => [
      {
        kind: "task-run",
        at: AT + number,
        number,
        task: "load",
        ordinal: number - 1,
        upstream: number > 1 ? [number - 1] : [],
      },
      { kind: "task", at: AT + number, number, state: "Running", tryNumber: 1 },
      { kind: "log", at: AT + number, level: "info", text: `line of ${number}`, number },
      {
        kind: "task",
        at: AT + number,
        number,
        state: "Success",
        location: `file:///results/${number}`,
        resultBytes: 5_000_000_000,
      },
    ]),
    end: [{ kind: "flow", at: AT + 1000, state: "Success", message: "all tasks succeeded" }],
  };
}
