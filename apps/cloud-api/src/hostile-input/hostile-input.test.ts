import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { RUN_DOOR } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { furnishTenant } from "../graphql/testing/furnish-tenant.ts";
import {
  createRun,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { rowDigests } from "../graphql/testing/row-digests.ts";
import { type HostileRequest, hostileRequests } from "./hostile-requests.ts";
import type { Ids } from "./hostile-values.ts";
import { codesOf, problemOf } from "./judge-answer.ts";
import { hostileReport, type Tally } from "./hostile-report.ts";

// Some here, ten thousand by `pnpm hostile`, which writes docs/hostile-input-report.md.

const FULL = Number(process.env.WEIR_HOSTILE_INPUTS ?? 0);
const INPUTS = FULL || 1_500;
const SEED = 20_261_121;
const CHUNK = 250;
/** What the process may hold more at the end than after the first fifth, when all caches are warm. */
const GROWTH_BYTES = 48 << 20;
const CANARY = "canary-of-a";

const NO_RATES = { costOfKey: 1e12, costOfTenant: 1e12, claims: 1e9, enrolments: 1e9, strangers: 1e9 };

let cloud: GraphqlFixture;
let a: TestTenant;
let b: TestTenant;
let ids: Ids;
let foreign: string[];
let credentials: Record<"user" | "agent" | "session" | "run", string>;
let held: string;

beforeAll(async () => {
  cloud = await startGraphqlFixture({ config: { rates: NO_RATES } });
  a = await cloud.makeTenant();
  b = await cloud.makeTenant();
  const ofA = await furnishTenant(cloud, a, { canary: CANARY });
  const ofB = await furnishTenant(cloud, b, { canary: "own-of-b" });
  ids = { own: [ofB.run], others: [ofA.run, ...(await idsOfTenant(a.tenantId))] };
  foreign = [CANARY, a.tenantId, a.userKey, a.agentKey];
  held = await createRun(cloud, b, "held");
  credentials = { user: b.userKey, agent: b.agentKey, ...(await hold()) };
});
afterAll(() => cloud.stop());

async function idsOfTenant(tenantId: string): Promise<string[]> {
  const { rows } = await cloud.database.pool.query<{ id: string }>(
    "select id from flows where tenant_id = $1 union select id from flow_versions where tenant_id = $1 union select id from api_keys where tenant_id = $1",
    [tenantId],
  );
  return rows.map(({ id }) => id);
}

/** Holds the run, so that its messages get past the door. */
async function hold(): Promise<{ session: string; run: string }> {
  const post = async <T>(url: string, token: string, payload: object) =>
    (await cloud.app.inject({ method: "POST", url, headers: { authorization: `Bearer ${token}` }, payload })).json<T>();
  const enrolment = {
    name: "holder",
    labels: [],
    launchers: ["process"],
    version: "0.1.0",
    apiVersion: 1,
    capacity: 10,
  };
  const { sessionToken } = await post<{ sessionToken: string }>("/v1/agents", b.agentKey, enrolment);
  const wanted = { room: 10, waitSeconds: 0, labels: [], holding: [] };
  const { runs } = await post<{ runs: { runId: string; runToken: string }[] }>("/v1/claims", sessionToken, wanted);
  return { session: sessionToken, run: runs.find(({ runId }) => runId === held)?.runToken ?? "none" };
}

const CREDENTIALS = { "agent-key": "agent", session: "session", run: "run" } as const;

async function send({ door, method, url, headers, payload }: HostileRequest) {
  const credential = credentials[door === "graphql" ? "user" : CREDENTIALS[RUN_DOOR[door].token]];
  const reply = await cloud.app.inject({
    method,
    url: url.replace("RUN", held),
    headers: { ...headers, authorization: `Bearer ${credential}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: reply.statusCode, body: reply.body };
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

test(`${INPUTS} hostile requests: none fails, none is told of another tenant, each refusal has a code, and memory stays flat`, async () => {
  const before = await rowDigests(cloud.database.pool, a.tenantId);
  const tally: Tally = new Map();
  const problems: string[] = [];
  const memory: number[] = [];
  for (let sent = 0; sent < INPUTS; sent += CHUNK) {
    const requests = fc.sample(hostileRequests(ids), { seed: SEED + sent, numRuns: Math.min(CHUNK, INPUTS - sent) });
    for (const request of requests) {
      const answer = await send(request);
      const problem = problemOf(answer, foreign);
      if (problem !== null) problems.push(toldProblem(request, answer.body, problem));
      count(tally, request, answer.body);
    }
    memory.push(heldBytes());
  }
  expect(problems.slice(0, 10)).toEqual([]);
  expect(cloud.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  expect(await rowDigests(cloud.database.pool, a.tenantId)).toEqual(before);
  const growth = (memory.at(-1) ?? 0) - (memory[Math.floor(memory.length / 5)] ?? 0);
  expect(growth).toBeLessThan(GROWTH_BYTES);
  expect(served(tally)).toBeGreaterThan(INPUTS / 20);
  if (FULL > 0)
    writeFileSync(REPORT, hostileReport({ tally, seed: SEED, inputs: INPUTS, growth, limit: GROWTH_BYTES }));
}, 3_600_000);

const REPORT = new URL("../../../../docs/hostile-input-report.md", import.meta.url);

function toldProblem({ kind, method, url, payload }: HostileRequest, body: string, problem: string): string {
  return `${problem}: ${kind}, ${method} ${url.slice(0, 100)}\n  sent ${String(payload).slice(0, 600)}\n  told ${body.slice(0, 400)}`;
}

function count(tally: Tally, { kind, door }: HostileRequest, body: string): void {
  const code = codesOf(body)?.[0] ?? "served";
  const key = `${door === "graphql" ? "GraphQL" : "run door"}: ${kind}`;
  const codes = tally.get(key) ?? new Map<string, number>();
  tally.set(key, codes.set(code, (codes.get(code) ?? 0) + 1));
}

/** Requests that got through to the end: a door that refuses everything at its threshold would be no test. */
const served = (tally: Tally) => [...tally.values()].reduce((sum, codes) => sum + (codes.get("served") ?? 0), 0);

test.each([
  ["a failure of the cloud", { status: 500, body: "{}" }],
  ["another tenant's text", { status: 200, body: `{"data":{"name":"${CANARY}-1"}}` }],
  ["a stack", { status: 200, body: JSON.stringify({ code: "INVALID", message: "no\n    at run (file:///a.js:1:2)" }) }],
  ["a statement", { status: 400, body: '{"code":"INVALID","message":"select id from flow_runs where"}' }],
  ["no JSON", { status: 400, body: "Bad Request" }],
  [
    "a code of nobody's",
    { status: 200, body: '{"errors":[{"message":"no","extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}' },
  ],
  ["an error without a code", { status: 200, body: '{"errors":[{"message":"no"}]}' }],
  ["the code of a failure", { status: 200, body: '{"errors":[{"message":"no","extensions":{"code":"INTERNAL"}}]}' }],
])("%s in an answer is found", (_what, answer) => {
  expect(problemOf(answer, [CANARY])).not.toBeNull();
  expect(problemOf({ status: 200, body: '{"data":{"viewer":{"scope":"user"}}}' }, [CANARY])).toBeNull();
});
