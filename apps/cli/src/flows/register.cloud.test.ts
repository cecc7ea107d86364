import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SUM_FLOW } from "../testing/flows.ts";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(false);
});
afterAll(() => stage.end());

test("the same content is the same version, a changed one the next", async () => {
  expect((await stage.weir(["register", "sum.flow.ts"])).out).toMatch(
    /^sum {2}version 1 {2}new {2}in project default\nStart a run: weir run sum\n$/,
  );
  expect((await stage.weir(["register", "sum.flow.ts"])).out).toMatch(/^sum {2}version 1 {2}unchanged/);
  await writeFile(join(stage.folder, "sum.flow.ts"), `${SUM_FLOW}\n// changed\n`);
  expect(await stage.json(["register", "sum.flow.ts"])).toMatchObject({
    code: 0,
    project: "default",
    flows: [{ flow: "sum", project: "default", version: 2, created: true }],
  });
});

test("--create-project makes the project, and minds not that it is there", async () => {
  for (const created of [true, false])
    expect(await stage.json(["register", "gate.flow.ts", "--project", "mine", "--create-project"])).toMatchObject({
      code: 0,
      flows: [{ flow: "gate", project: "mine", created }],
    });
});

test("what is sent of a flow holds none of its code", async () => {
  const { rows } = await stage.cloud.database.pool.query<{ text: string }>(
    "select row_to_json(v)::text as text from flow_versions v",
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { text } of rows) expect(text).not.toMatch(/reduce|throwIfAborted|while \(/);
});

test("a file is loaded where no key of Weir can be seen", async () => {
  const spy = `import { flow } from "@weir/sdk";\nexport default flow("spy-" + Object.keys(process.env).filter((name) => name.startsWith("WEIR")).length, () => 1);\n`;
  await writeFile(join(stage.folder, "spy.ts"), spy);
  expect(await stage.json(["register", "spy.ts"])).toMatchObject({ flows: [{ flow: "spy-0" }] });
});
