import { setTimeout as pause } from "node:timers/promises";

/** What a run is started with. */
export interface NewRun {
  readonly flow: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly labels?: readonly string[];
}

export interface CreatedRun {
  readonly id: string;
  /** When the reply was here, by the clock that all processes of the machine share (process.hrtime). Nanoseconds. */
  readonly acknowledgedAt: bigint;
}

const CREATE = `mutation CreateFlowRun($input: CreateFlowRunInput!) {
  createFlowRun(input: $input) { ... on CreateFlowRunPayload { flowRun { id } } ... on Refusal { code message } }
}`;

interface CreateReply {
  readonly data?: { readonly createFlowRun: { readonly flowRun?: { readonly id: string }; readonly message?: string } };
  readonly errors?: readonly { readonly message: string }[];
}

/** A cloud that has too much to do says when to come again; a client that obeys is part of the measurement. */
const MOST_ASKS = 20;

/** Starts a flow run as any program of a user would: one GraphQL request over HTTP. */
export async function createFlowRun(url: string, key: string, project: string, run: NewRun): Promise<CreatedRun> {
  const body = JSON.stringify({
    operationName: "CreateFlowRun",
    query: CREATE,
    variables: { input: { project, ...run } },
  });
  for (let asked = 1; ; asked += 1) {
    const response = await fetch(new URL("/graphql", url), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body,
    });
    const reply = (await response.json()) as CreateReply;
    const acknowledgedAt = process.hrtime.bigint();
    const created = reply.data?.createFlowRun;
    if (created?.flowRun !== undefined) return { id: created.flowRun.id, acknowledgedAt };
    const comeAgainIn = Number(response.headers.get("retry-after") ?? 0);
    if (comeAgainIn === 0 || asked === MOST_ASKS) throw new Error(refusalOf(run, response, reply));
    await pause(comeAgainIn * 1000);
  }
}

const RESTART = `mutation RestartFlowRun($id: ID!) {
  restartFlowRun(id: $id) { ... on RestartFlowRunPayload { flowRun { id } } ... on Refusal { code message } }
}`;

/** Restarts a run that has failed. */
export async function restartFlowRun(url: string, key: string, id: string): Promise<void> {
  const response = await fetch(new URL("/graphql", url), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ operationName: "RestartFlowRun", query: RESTART, variables: { id } }),
  });
  const text = await response.text();
  if (!text.includes('"flowRun"')) throw new Error(`The cloud did not restart the run: ${text}`);
}

function refusalOf(run: NewRun, response: Response, { data, errors }: CreateReply): string {
  const reason = data?.createFlowRun.message ?? errors?.[0]?.message ?? `HTTP ${response.status}`;
  return `The cloud made no run of ${run.flow}: ${reason}`;
}
