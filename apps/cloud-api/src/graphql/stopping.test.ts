import { eventually } from "@weir/testing";
import { expect, test } from "vitest";
import { createRun, startGraphqlFixture } from "./testing/graphql-fixture.ts";

const CANCEL = `mutation ($id: ID!) { cancelFlowRun(id: $id) { __typename } }`;

test("what is being worked on when the cloud stops is answered, with an idempotency key and without", async () => {
  const cloud = await startGraphqlFixture();
  const holder = await cloud.database.pool.connect();
  try {
    const tenant = await cloud.makeTenant();
    const runs = [await createRun(cloud, tenant, "plain"), await createRun(cloud, tenant, "keyed")];
    await holder.query("begin");
    await holder.query("select from flow_runs where id = any ($1) for update", [runs]);
    const answers = runs.map((id, index) =>
      cloud.app.inject({
        method: "POST",
        url: "/graphql",
        headers: { authorization: `Bearer ${tenant.userKey}`, ...(index === 0 ? {} : { "idempotency-key": "once" }) },
        payload: { query: CANCEL, variables: { id } },
      }),
    );
    await eventually(async () => {
      const { rows } = await cloud.database.pool.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      if (rows.length < runs.length) throw new Error("The mutations do not wait for the rows yet.");
    });
    const closed = cloud.app.close();
    await new Promise((resolve) => setImmediate(resolve));
    await holder.query("commit");
    const done = { data: { cancelFlowRun: { __typename: "CancelFlowRunPayload" } } };
    for (const answer of answers) expect((await answer).json()).toMatchObject(done);
    await closed;
  } finally {
    holder.release();
    await cloud.stop();
  }
});
