import type pg from "pg";

/** What people, scripts and agents ask most: by command line and dashboard, each as its client sends it. */
export interface CommonQuery {
  readonly name: string;
  readonly path: "/graphql" | "/v1/claims";
  readonly body: object;
}

const HEAD = `id name state stateVersion message failure attempt recoveries createdAt scheduledStartTime startedAt endedAt
  flow { name project { name } } flowVersion { number } agent { name }`;
const TASK_RUN = `number task name ordinal mapIndex parent state tryNumber attempt startedAt endedAt startTime location resultBytes
  mapCount message failure approvedAt`;
const PAGE = "pageInfo { hasNextPage endCursor }";

const RUNS = `query FlowRuns($filter: FlowRunFilter, $first: Int, $after: String) {
  flowRuns(filter: $filter, first: $first, after: $after) { ${PAGE} edges { node { ${HEAD} sealKeys { id key } } } } }`;
const RUN = `query FlowRun($id: ID!) { flowRun(id: $id) { ${HEAD} states { version attempt state at message failure } parameters labels
  idempotencyKey pauseAsked sealKeys { id key } artifacts { name kind data at taskRunNumber } } }`;
const TASK_RUNS = `query FlowRunTaskRuns($id: ID!, $first: Int) { flowRun(id: $id) { sealKeys { id key }
  taskRuns(first: $first) { ${PAGE} edges { node { ${TASK_RUN} } } } } }`;
const LOGS = `query FlowRunLogs($id: ID!, $first: Int) { flowRun(id: $id) { sealKeys { id key }
  logs(first: $first) { ${PAGE} edges { node { attempt number at level text logger taskRunNumber } } } } }`;
const AGENTS = `query Agents($first: Int) { agents(first: $first) { ${PAGE} edges { node { id name labels online } } } }`;
const FLOWS = `query Flows($first: Int) { flows(first: $first) { ${PAGE} edges { node { id name project { name }
  currentVersion { number } schedules { name active } } } } }`;
const QUEUE = `query Queue { queue { due pause { by reason } } }`;

/** The ten, about a run that has task runs and log lines. */
export function commonQueries(runId: string): readonly CommonQuery[] {
  const ask = (name: string, query: string, variables: object): CommonQuery => ({
    name,
    path: "/graphql",
    body: { query, variables },
  });
  return [
    ask("runs, newest first", RUNS, { first: 50 }),
    ask("runs that failed", RUNS, { first: 50, filter: { state: ["Failed", "Crashed", "TimedOut"] } }),
    ask("runs that run", RUNS, { first: 50, filter: { state: ["Running"] } }),
    ask("runs of a flow", RUNS, { first: 50, filter: { flow: "flow 3", project: "seeded" } }),
    ask("a run", RUN, { id: runId }),
    ask("its task runs", TASK_RUNS, { id: runId, first: 100 }),
    ask("its log lines", LOGS, { id: runId, first: 100 }),
    ask("agents", AGENTS, { first: 50 }),
    ask("flows with their schedules", FLOWS, { first: 50 }),
    ask("runs that wait", QUEUE, {}),
    { name: "claim", path: "/v1/claims", body: { room: 10, waitSeconds: 0, labels: [], holding: [] } },
  ];
}

/** A seeded run of a tenant that is over and whose history was made. */
export async function runToShow(pool: pg.Pool, tenantId: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    "select id from flow_runs where tenant_id = $1 and state = 'Success' and name like 'flow %' order by id desc limit 1",
    [tenantId],
  );
  const [run] = rows;
  if (run === undefined)
    throw new Error(`The tenant ${tenantId} has no run that has succeeded. Is the database seeded?`);
  return run.id;
}

/** Sends one, and answers its text. Throws for anything but an answer without errors. */
export async function sendQuery(url: string, key: string, { name, path, body }: CommonQuery): Promise<string> {
  const response = await fetch(new URL(path, url), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== 200 || text.includes('"errors":')) throw new Error(`${name}: ${response.status} ${text}`);
  return text;
}

/** Enrols an agent, and answers the token with which it claims. */
export async function enrol(
  url: string,
  agentKey: string,
  { name = "seeded", labels = [] }: { name?: string; labels?: readonly string[] } = {},
): Promise<string> {
  const enrolment = {
    name,
    labels,
    launchers: ["process"],
    version: "0.1.0",
    apiVersion: 1,
    capacity: 10,
  };
  const response = await fetch(new URL("/v1/agents", url), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${agentKey}` },
    body: JSON.stringify(enrolment),
  });
  if (response.status !== 200) throw new Error(`An agent cannot be enrolled: ${await response.text()}`);
  return ((await response.json()) as { sessionToken: string }).sessionToken;
}
