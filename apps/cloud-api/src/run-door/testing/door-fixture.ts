import { randomBytes } from "node:crypto";
import { createTestDatabase } from "@weir/testing/database";
import {
  API_VERSION,
  API_VERSION_HEADER,
  type ClaimedRun,
  type ClaimReply,
  type ClaimRequest,
  type EnrolReply,
  makeId,
  type RefusalBody,
  type ReportReply,
  type RunEvent,
} from "@weir/protocol";
import type { Pool } from "pg";
import { createApiKey } from "../../api-keys/api-keys.ts";
import { type CloudConfig, cloudConfig } from "../../config.ts";
import { checkInvariants } from "../../flow-runs/check-invariants.ts";
import { createFlowRun, type FlowRunWish } from "../../flow-runs/create-flow-run.ts";
import { type CloudSecrets, createSecrets } from "../../secrets.ts";
import { type RunningCloud, startCloud } from "../../start-cloud.ts";

/** A reply of the cloud as it came. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T & Partial<RefusalBody>;
}

export interface DoorFixture {
  readonly cloud: RunningCloud;
  readonly pool: Pool;
  readonly secrets: CloudSecrets;
  readonly config: CloudConfig;
  readonly tenantId: string;
  readonly agentKey: string;
  readonly userKey: string;
  /** Sends a body as it stands to one of the clouds. */
  post<T>(path: string, token: string | null, body: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  enrol(name?: string): Promise<TestAgent>;
  create(wish?: Partial<FlowRunWish>): Promise<string>;
  run(id: string): Promise<RunRow>;
  /** Another cloud on the same database. Stopped with the fixture. */
  replica(): Promise<RunningCloud>;
  violations(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface RunRow {
  readonly state: string;
  readonly attempt: number;
  readonly event_number: number;
  readonly recoveries: number;
  readonly history: string[];
  readonly messages: (string | null)[];
}

/** 0 is no limit: the event loop is the test runner's as well, and a busy machine must not turn tests away. */
const NO_OVERLOAD = { eventLoopDelayMs: 0, heapBytes: 0 };

const SECRET = randomBytes(32).toString("base64url");

/** A cloud of one's own on a database of one's own, with one tenant, one project `p` and one flow `f`. */
export async function startDoor(given: Partial<CloudConfig> = {}): Promise<DoorFixture> {
  const test = await createTestDatabase();
  const { pool } = test.database;
  const base = {
    database: { url: test.url },
    port: 0,
    secret: SECRET,
    logLevel: "silent",
    overload: NO_OVERLOAD,
  } as const;
  const config = cloudConfig({ ...base, ...given });
  const clouds = [await startCloud(config)];
  const secrets = createSecrets(SECRET);
  const tenantId = await makeTenant(pool);
  const key = (scope: "user" | "agent") =>
    createApiKey(pool, secrets, {
      tenantId,
      name: scope,
      scope,
      ...(scope === "user" && { rights: { role: "owner" } as const }),
    });
  const [user, agent] = [await key("user"), await key("agent")];
  const cloud = clouds[0] as RunningCloud;
  const post = <T>(path: string, token: string | null, body: unknown, headers: Record<string, string> = {}) =>
    send<T>(cloud.url, path, token, body, headers);
  return {
    cloud,
    pool,
    secrets,
    config,
    tenantId,
    agentKey: agent.key,
    userKey: user.key,
    post,
    enrol: (name = "agent") => TestAgent.enrol(cloud.url, agent.key, name),
    create: async (wish = {}) => (await createFlowRun(pool, { tenantId, project: "p", flow: "f", ...wish })).id,
    run: (id) => readRun(pool, id),
    async replica() {
      const another = await startCloud(config);
      clouds.push(another);
      return another;
    },
    violations: () => checkInvariants(pool),
    async stop() {
      await Promise.all(clouds.map((one) => one.stop()));
      await test.drop();
    },
  };
}

/** An agent as the cloud sees it: it speaks the run door, and does no work. */
export class TestAgent {
  readonly url: string;
  readonly agentId: string;
  readonly session: string;

  private constructor(url: string, reply: EnrolReply) {
    this.url = url;
    this.agentId = reply.agentId;
    this.session = reply.sessionToken;
  }

  static async enrol(url: string, key: string, name: string): Promise<TestAgent> {
    const request = {
      name,
      labels: [],
      launchers: ["process"],
      version: "1.0.0",
      apiVersion: API_VERSION,
      capacity: 10,
    };
    return new TestAgent(url, required(await send<EnrolReply>(url, "/v1/agents", key, request)));
  }

  async claim(asked: Partial<ClaimRequest> = {}): Promise<ClaimReply> {
    const request = { room: 1, waitSeconds: 0, labels: [], holding: [], ...asked };
    return required(await send<ClaimReply>(this.url, "/v1/claims", this.session, request));
  }

  /** Claims the one run that is due. */
  async claimOne(asked: Partial<ClaimRequest> = {}): Promise<ClaimedRun> {
    const { runs } = await this.claim(asked);
    const [run] = runs;
    if (run === undefined || runs.length > 1) throw new Error(`${runs.length} runs were claimed instead of one.`);
    return run;
  }

  /** Reports, whatever the answer. */
  report(run: ClaimedRun, first: number, events: readonly unknown[]): Promise<Answer<ReportReply>> {
    return send(this.url, `/v1/runs/${run.runId}/reports`, run.runToken, { attempt: run.attempt, first, events });
  }

  /** Reports what must be stored. */
  async reported(run: ClaimedRun, first: number, events: readonly RunEvent[]): Promise<ReportReply> {
    return required(await this.report(run, first, events));
  }

  release(run: ClaimedRun, reason: string, dueInMs?: number): Promise<Answer<{ state: string }>> {
    return send(this.url, `/v1/runs/${run.runId}/release`, run.runToken, { attempt: run.attempt, reason, dueInMs });
  }
}

/** Sends one message. `body` as text goes out as it stands. */
export async function send<T>(
  url: string,
  path: string,
  token: string | null,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      "content-type": "application/json",
      [API_VERSION_HEADER]: String(API_VERSION),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer<T>["body"] };
}

function required<T>({ status, body }: Answer<T>): T {
  if (status === 200) return body;
  throw new Error(`The cloud answered ${status}: ${JSON.stringify(body)}`);
}

/** A tenant with the project `p` and the flow `f`. */
export async function makeTenant(pool: Pool, flow: { parameterSchema?: object; parameterDefaults?: object } = {}) {
  const [tenant, project, flowId] = [makeId(), makeId(), makeId()];
  await pool.query(`insert into tenants (id, name) values ($1, $2)`, [tenant, `tenant ${tenant}`]);
  await pool.query(`insert into projects (id, tenant_id, name) values ($1, $2, 'p')`, [project, tenant]);
  await pool.query(`insert into flows (id, tenant_id, project_id, name) values ($1, $2, $3, 'f')`, [
    flowId,
    tenant,
    project,
  ]);
  const storage = { kind: "local", directory: "/flows", entry: "f.ts", codeDigest: "0".repeat(64), files: [] };
  await pool.query(
    `insert into flow_versions (id, tenant_id, flow_id, number, content_digest, labels, tasks, storage, sdk_version, parameter_schema, parameter_defaults)
     values ($1, $2, $3, 1, 'digest', '{}', '[]', $4, '1.0.0', $5, $6)`,
    [makeId(), tenant, flowId, storage, flow.parameterSchema ?? null, flow.parameterDefaults ?? null],
  );
  return tenant;
}

async function readRun(pool: Pool, id: string): Promise<RunRow> {
  const { rows } = await pool.query<RunRow>(
    `select r.state::text, r.attempt, r.event_number, r.recoveries,
       array_agg(s.state::text order by s.version) as history, array_agg(s.message order by s.version) as messages
     from flow_runs r join flow_run_states s on s.flow_run_id = r.id where r.id = $1 group by r.id`,
    [id],
  );
  const [run] = rows;
  if (run === undefined) throw new Error(`There is no flow run ${id}.`);
  return run;
}
