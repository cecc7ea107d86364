import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateSealKey, publicHalf } from "@weir/protocol/seal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWeir } from "../testing/weir.ts";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(false);
});
afterAll(() => stage.end());

const write = (name: string, text: string) => writeFile(join(stage.folder, name), text, { mode: 0o600 });
const rows = async (sql: string) => (await stage.cloud.database.pool.query<{ n: number }>(sql)).rows[0]?.n;

test("a flow that the policy would not let run is refused before anything of it is sent", async () => {
  await write("weir.boundary.yaml", "version: 1\nclasses:\n  parameter: drop\n");
  const sentence = `The flow "sum" needs the parameter "upTo", without a default, but`;
  for (const args of [
    ["register", "sum.flow.ts", "--project", "new", "--create-project"],
    ["run", "sum.flow.ts", "-p", "upTo=3"],
  ])
    expect(await stage.weir(args)).toMatchObject({ code: 6, err: expect.stringContaining(sentence) });
  expect(await rows("select count(*)::int as n from flows")).toBe(0);
  expect(await rows("select count(*)::int as n from projects where name = 'new'")).toBe(0);
});

test("a policy file that cannot be used stops a command before anything is sent", async () => {
  await write("weir.boundary.yaml", "version: 1\nclasses:\n  parameter: dorp\n");
  const { code, err } = await stage.weir(["register", "sum.flow.ts"]);
  expect(code).toBe(2);
  expect(err).toContain(`weir.boundary.yaml:3:14: classes.parameter is "dorp"; it takes send, seal or drop.`);
  expect(await rows("select count(*)::int as n from flows")).toBe(0);
});

test("explain shows what was done to the data of a run, and whom it was sealed for", async () => {
  const [inside, ada] = [await generateSealKey(), await generateSealKey()];
  await write("inside.json", JSON.stringify(inside));
  await write("ada.pub.json", JSON.stringify(publicHalf(ada)));
  await write(
    "weir.trust.json",
    JSON.stringify({ version: 1, inside: publicHalf(inside), recipients: [], signers: [] }),
  );
  const policy = "classes: { log: seal, artifact: drop }\nseal: { recipients: [{ name: ada, file: ada.pub.json }] }\n";
  await write("weir.boundary.yaml", `version: 1\n${policy}`);
  const env = {
    WEIR_API_URL: stage.cloud.url,
    WEIR_AGENT_KEY: stage.cloud.agentKey,
    WEIR_AGENT_SEAL_KEY_FILE: join(stage.folder, "inside.json"),
    WEIR_AGENT_DRAIN_SECONDS: "0",
  };
  const agent = startWeir(["agent", "start", "--name", "box", "--directory", "agent"], { cwd: stage.folder, env });
  try {
    const { flowRun } = await stage.json<{ flowRun: { id: string } }>(["run", "sum.flow.ts", "-p", "upTo=3"]);
    const args = ["boundary", "explain", flowRun.id, "--directory", "agent"];
    const explained = await stage.json<{ classes: { class: string; deed: string; messages: number }[] }>(args);
    const deeds = Object.fromEntries(explained.classes.map((one) => [one.class, one.deed]));
    expect(deeds).toMatchObject({ log: "sealed", metadata: "sent" });
    expect(explained).toMatchObject({
      flowRunId: flowRun.id,
      remarks: [],
      sealKeys: [
        {
          recipients: [
            { kid: inside.kid, name: "inside (all agents)" },
            { kid: ada.kid, name: "ada" },
          ],
        },
      ],
    });
    const { out } = await stage.weir(args);
    expect(out).toMatch(/log +sealed: the cloud cannot read it +\d/);
    expect(out).toContain(`  ada  ${ada.kid}`);
    const alone = await stage.weir(args, { env: { WEIR_API_URL: "http://127.0.0.1:1" } });
    expect(alone.code).toBe(0);
    expect(alone.out).toMatch(/log +sealed/);
    expect(alone.out).toContain("! Whom it was sealed for is not shown, because the cloud could not be asked");
  } finally {
    agent.child.kill("SIGTERM");
    await agent.ended;
  }
});
