import { makeId, type StateName } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { type EndedRun, flowStatistics } from "./flow-statistics.ts";

const run = (state: StateName, seconds: number | null): EndedRun => ({
  id: makeId(),
  name: "run",
  state,
  endedAt: new Date(),
  seconds,
});

test("successes, failures and how long the successful ones took", () => {
  const runs = [
    run("Success", 10),
    run("Success", 20),
    run("Success", null),
    run("Failed", 500),
    run("Crashed", 1),
    run("Cancelled", 2),
  ];
  expect(flowStatistics(runs)).toEqual({ runs, successes: 3, failures: 2, medianSeconds: 15, p95Seconds: 19.5 });
  expect(flowStatistics([])).toEqual({ runs: [], successes: 0, failures: 0, medianSeconds: null, p95Seconds: null });
  expect(flowStatistics([run("Success", 7)])).toMatchObject({ medianSeconds: 7, p95Seconds: 7 });
});

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

interface Told {
  readonly flow: {
    readonly statistics: {
      readonly runs: number;
      readonly points: readonly { name: string; state: string; seconds: number }[];
    };
  };
}

async function statistics(args: string): Promise<Told["flow"]["statistics"]> {
  const query = `{ flow(project: "default", name: "nightly") { statistics${args} { runs points { name state seconds } } } }`;
  return (await cloud.ask<Told>(tenant, query)).flow.statistics;
}

test("the runs that ended last, of whatever state, newest first", async () => {
  const open = await createRun(cloud, tenant, "nightly");
  const states = ["Success", "Failed", "TimedOut", "ValidationFailed", "Crashed", "Cancelled", "Success"];
  await cloud.database.pool.query(
    `insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, state, scheduled_start_time, started_at, ended_at)
     select uuidv7(), tenant_id, flow_id, flow_version_id, 'run ' || n, '{}', '{}', s::state, now(), now(), now() + n * interval '1 second'
     from flow_runs, unnest($2::text[]) with ordinality u(s, n) where id = $1`,
    [open, states],
  );
  const all = await statistics("");
  expect(all.runs).toBe(7);
  expect(all.points.map(({ state }) => state)).toEqual(states.toReversed());
  expect(all.points[0]).toEqual({ name: "run 7", state: "Success", seconds: 7 });
  expect((await statistics("(last: 3)")).points.map(({ name }) => name)).toEqual(["run 7", "run 6", "run 5"]);
});

test("as many as may be asked for", async () => {
  await expect(statistics("(last: 0)")).rejects.toThrow("1 to 200");
  await expect(statistics("(last: 201)")).rejects.toThrow("1 to 200");
});
