import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliStage, setStage } from "../testing/with-cloud.ts";

let stage: CliStage;
beforeAll(async () => {
  stage = await setStage(true);
});
afterAll(() => stage.end());

test("of a run that is older than the cloud keeps its details, each command says so instead of showing an empty one", async () => {
  const ran = await stage.json<{ flowRun: { id: string } }>(["run", "sum.flow.ts", "-p", "upTo=2"]);
  const { id } = ran.flowRun;
  expect((await stage.weir(["runs", "show", id])).out).not.toContain("forgotten");
  await stage.cloud.forget();
  const show = await stage.weir(["runs", "show", id]);
  expect(show.out).toMatch(
    /sum, version 1[\s\S]*History[\s\S]*Success[\s\S]*Its task runs, logs and artifacts are forgotten/,
  );
  expect(show.out).not.toContain("No task has begun");
  expect(await stage.json(["runs", "show", id])).toMatchObject({ flowRun: { isForgotten: true }, taskRuns: [] });
  expect(await stage.weir(["runs", "logs", id])).toMatchObject({
    code: 0,
    out: "",
    err: expect.stringContaining("are forgotten: it is older than this cloud keeps them"),
  });
});
