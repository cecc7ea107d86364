import { afterAll, beforeAll, expect, test } from "vitest";
import { type Addresses, furnish } from "./testing/addresses.ts";
import { setStage, type Stage } from "./testing/stage.ts";

// Two tenants of one cloud, each with its runs, values and keys: neither sees the other's, by no page and by no address.

const OTHER = "other-tenant";
const FLOW = `
import { flow, run, task } from "@weir/sdk";
const work = task("${OTHER}-task", () => run.log.info("${OTHER}-line"));
export default flow("${OTHER}-flow", async () => await work());
`;

let stage: Stage;
let mine: Addresses;
let theirs: { readonly key: string; readonly runId: string; readonly flowId: string };
beforeAll(async () => {
  stage = await setStage({ files: { "other.flow.ts": FLOW } });
  mine = await furnish(stage);
  theirs = await furnishOther();
}, 180_000);
afterAll(() => stage.end());

/** A key of a person who has just signed up with a tenant of their own. */
async function keyOfOther(): Promise<string> {
  const headers = { "content-type": "application/json", origin: stage.cloud.url };
  const account = { email: "eve@example.com", password: "never seen by anybody", tenant: OTHER };
  const signedUp = await fetch(`${stage.cloud.url}/auth/sign-up`, {
    method: "POST",
    headers,
    body: JSON.stringify(account),
  });
  const cookie = signedUp.headers.get("set-cookie")?.split(";")[0] ?? "";
  const query = `mutation { createApiKey(input: { name: "${OTHER}-key", scope: user, role: "owner" }) {
    ... on CreateApiKeyPayload { key } } }`;
  const reply = await fetch(`${stage.cloud.url}/graphql`, {
    method: "POST",
    headers: { ...headers, cookie },
    body: JSON.stringify({ query }),
  });
  const { data } = (await reply.json()) as { data: { createApiKey: { key: string } } };
  return data.createApiKey.key;
}

async function furnishOther(): Promise<typeof theirs> {
  const key = await keyOfOther();
  const env = { WEIR_API_KEY: key };
  await stage.weir(["register", "other.flow.ts", "--create-project"], env);
  await stage.weir(["kv", "set", `${OTHER}-value`, '"x"'], env);
  await stage.weir(["limits", "set", `${OTHER}-tag`, "1"], env);
  const started = await stage.json<{ flowRun: { id: string } }>(["run", `${OTHER}-flow`, "--no-watch"], env);
  const query = `{ flow(project: "default", name: "${OTHER}-flow") { id } }`;
  const { flow } = await stage.ask<{ flow: { id: string } }>(query, {}, key);
  return { key, runId: started.flowRun.id, flowId: flow.id };
}

test("no page of one shows anything of the other", { timeout: 180_000 }, async () => {
  const visitor = await stage.visit("/", { records: true });
  for (const path of mine.values()) {
    await visitor.open(path);
    expect(await visitor.page.locator("body").innerText()).not.toContain(OTHER);
  }
  expect(JSON.stringify(visitor.responses)).toContain("nightly-report");
  expect(JSON.stringify(visitor.responses)).not.toContain(OTHER);
});

test("what the other one has is there for them, and by its address it is nothing for the first", async () => {
  const other = await stage.visit(`/runs/${theirs.runId}`, { key: theirs.key });
  await other.page.getByText(`${OTHER}-flow`).first().waitFor();
  const visitor = await stage.visit("/", { records: true });
  const { runId, flowId } = theirs;
  const paths = [
    `/runs/${runId}`,
    `/runs/${runId}/logs`,
    `/runs/${runId}/tasks/1`,
    `/runs/${mine.get("run-failed")?.split("/")[2]}/compare/${runId}`,
    `/flows/${flowId}`,
    `/flows/${flowId}/run`,
    `/flows/${flowId}/versions/1`,
    `/kv?key=${OTHER}-value`,
    `/runs?flow=${OTHER}-flow`,
  ];
  for (const path of paths) await visitor.open(path);
  const answers = visitor.responses.filter(({ url }) => url.endsWith("/graphql"));
  expect(answers.length).toBeGreaterThan(paths.length);
  expect(JSON.stringify(answers)).not.toContain(OTHER);
});

test("a tab that changes from one to the other keeps nothing of the first", async () => {
  const visitor = await stage.visit("/runs");
  await visitor.page.getByText("nightly-report").first().waitFor();
  await visitor.page.goto(`${stage.cloud.url}/runs#key=${theirs.key}`);
  await visitor.page.reload();
  await visitor.page.getByText(`${OTHER}-flow`).first().waitFor();
  expect(await visitor.page.locator("body").innerText()).not.toContain("nightly-report");
});
