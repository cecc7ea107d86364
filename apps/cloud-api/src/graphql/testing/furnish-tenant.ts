import type { RunEvent } from "@weir/protocol";
import { furnishPeople } from "./furnish-people.ts";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  registration,
  storyOf,
  type TestTenant,
} from "./graphql-fixture.ts";

/** What one tenant has, by id or name. */
export interface Furnished {
  /** In every text that the tenant chose: it appears nowhere else. */
  readonly canary: string;
  readonly project: string;
  readonly flow: string;
  readonly tag: string;
  readonly label: string;
  readonly agent: string;
  /** Of the key-value store. */
  readonly key: string;
  readonly role: string;
  readonly schedule: string;
  /** A service account. */
  readonly service: string;
  /** Of somebody who is invited. */
  readonly email: string;
  /** Held by an agent, with task runs, lines, artifacts, a key, slots, a child and a schedule. */
  readonly run: string;
}

export interface Furnishing {
  readonly canary: string;
  /** How many of everything that is listed: projects, flows, runs, agents, keys, limits; and of what hangs on the first run. */
  readonly rows?: number;
}

const AT = 1_700_000_000_000;

/** Gives a tenant some of everything that the schema shows, by the doors that programs use, and by SQL where these are long. */
export async function furnishTenant(
  cloud: GraphqlFixture,
  tenant: TestTenant,
  { canary, rows = 1 }: Furnishing,
): Promise<Furnished> {
  const numbers = Array.from({ length: rows }, (_, i) => i + 1);
  let run = "";
  for (const number of numbers) {
    const one = await oneOfEach(cloud, tenant, `${canary}-${number}`, number === 1 ? rows : 1);
    run ||= one;
    await makeChild(cloud, tenant, one, `${canary}-${number}`);
  }
  for (const number of numbers) await hangOn(cloud, tenant, { run, canary: `${canary}-${number}`, number });
  return { canary, ...namesOf(`${canary}-1`), run };
}

/** What things are called that bear a canary. */
export function namesOf(canary: string) {
  return {
    project: `${canary}-project`,
    flow: `${canary}-flow`,
    tag: `${canary}-tag`,
    label: `${canary}-label`,
    agent: `${canary}-agent`,
    key: `${canary}-key`,
    role: `${canary}-role`,
    schedule: `${canary}-schedule-1`,
    service: `${canary}-service`,
    email: `${canary}@invited.example`,
  };
}

const CREATE_PROJECT = `mutation ($name: String!) { createProject(input: { name: $name }) { __typename } }`;
const REGISTER = `mutation ($input: RegisterFlowInput!) { registerFlow(input: $input) { __typename ... on Refusal { message } } }`;
const SET_LIMIT = `mutation ($tag: String!) { setTaskLimit(input: { tag: $tag, slots: 1 }) { __typename } }`;
const SET_RUN_LIMIT = `mutation ($label: String!) { setRunLimit(input: { label: $label, slots: 1 }) { __typename } }`;
const SET_KV = `mutation ($key: String!, $value: JSON!) { setKv(input: { key: $key, value: $value }) { __typename } }`;
const SET_SETTINGS = `mutation ($project: String!, $flow: String!, $text: String!) {
  setFlowSettings(input: { project: $project, flow: $flow, description: $text }) { __typename } }`;

/** As many as make a median, of before the story's time. $1 tenant, $2 flow, $3 name */
const ENDED_RUNS = `
  insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, state, scheduled_start_time, started_at, ended_at)
  select uuidv7(), v.tenant_id, v.flow_id, v.id, $3, '{}', '{}', 'Success', '2023-01-01', '2023-01-01', '2023-01-02'
  from flow_versions v join flows f on f.id = v.flow_id, generate_series(1, 3) where f.tenant_id = $1 and f.name = $2`;

/** A project, a flow with a schedule and runs that are over, an agent, and a run that it holds. */
async function oneOfEach(cloud: GraphqlFixture, tenant: TestTenant, canary: string, rows: number): Promise<string> {
  const project = `${canary}-project`;
  const flow = `${canary}-flow`;
  await cloud.ask(tenant, CREATE_PROJECT, { name: project });
  const schedules = Array.from({ length: rows }, (_, i) => ({
    name: `${canary}-schedule-${i + 1}`,
    zone: "UTC",
    clock: { everySeconds: 3_600 },
  }));
  const registered = registration(flow, { schedules, description: canary, labels: [] });
  await cloud.ask(tenant, REGISTER, { input: { project, registration: registered } });
  await cloud.database.pool.query(ENDED_RUNS, [tenant.tenantId, flow, `${canary}-ended`]);
  const run = await createRun(cloud, tenant, flow, { project, name: canary, parameters: { text: canary } });
  const agent = await enrolAgent(cloud, tenant, `${canary}-agent`);
  await agent.claim();
  await agent.report(run, storyWith(canary, rows));
  return run;
}

function storyWith(canary: string, rows: number): RunEvent[] {
  const { begin, tasks } = storyOf(rows);
  const told = tasks.map((event) => (event.kind === "log" ? { ...event, text: canary } : event));
  const artifacts = Array.from({ length: rows }, (_, i): RunEvent => {
    const name = `${canary}-artifact-${i + 1}`;
    return { kind: "artifact", at: AT, name, artifact: "markdown", data: canary };
  });
  return [...begin, ...told, ...artifacts];
}

async function makeChild(cloud: GraphqlFixture, tenant: TestTenant, run: string, canary: string): Promise<void> {
  const named = { project: `${canary}-project`, name: `${canary}-child` };
  const child = await createRun(cloud, tenant, `${canary}-flow`, named);
  await cloud.database.pool.query("update flow_runs set parent_run_id = $1 where id = $2", [run, child]);
}

interface Hung {
  readonly run: string;
  readonly canary: string;
  readonly number: number;
}

/** What the doors would take long to make: it hangs on the first run, or stands beside it. */
async function hangOn(cloud: GraphqlFixture, tenant: TestTenant, { run, canary, number }: Hung): Promise<void> {
  await cloud.ask(tenant, SET_KV, { key: `${canary}-key`, value: canary });
  await cloud.ask(tenant, SET_SETTINGS, { project: `${canary}-project`, flow: `${canary}-flow`, text: canary });
  await cloud.ask(tenant, SET_LIMIT, { tag: `${canary}-tag` });
  await furnishPeople(cloud, tenant, canary);
  await cloud.ask(tenant, SET_RUN_LIMIT, { label: `${canary}-label` });
  const { pool } = cloud.database;
  const { tenantId } = tenant;
  await pool.query(
    `insert into task_slots (tenant_id, flow_run_id, number, tag, attempt, event_number, position, granted_at)
     select tenant_id, id, $2::int, $3, attempt, 1000000, $2::int, now() from flow_runs where id = $1`,
    [run, number, `${canary}-tag`],
  );
  await pool.query(
    "insert into flow_run_seal_keys (tenant_id, flow_run_id, id, attempt, key) values ($1, $2, $3, 1, $3)",
    [tenantId, run, `${canary}-seal`],
  );
  await pool.query(
    `insert into schedule_slots (tenant_id, schedule_id, slot, flow_run_id)
     select r.tenant_id, s.id, now() + interval '1 day', r.id from flow_runs r
     join schedules s on s.flow_id = r.flow_id where r.tenant_id = $1 and r.name = $2 limit 1`,
    [tenantId, canary],
  );
}
