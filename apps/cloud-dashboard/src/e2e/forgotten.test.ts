import { afterAll, beforeAll, expect, test } from "vitest";
import { setStage, type Stage } from "./testing/stage.ts";

// A run that is older than the cloud keeps task runs, logs and artifacts.

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  stage.startAgent("box");
}, 120_000);
afterAll(() => stage.end());

test("its pages say that its details are forgotten, show what is left, and nowhere that there never was anything", async () => {
  const [id, other] = await Promise.all(
    [1, 2].map(async () => (await stage.json<{ flowRun: { id: string } }>(["run", "report.flow.ts"])).flowRun.id),
  );
  const { page, open } = await stage.visit(`/runs/${id}`);
  await page.getByRole("link", { name: /^Tasks \d/ }).waitFor();
  await stage.cloud.forget();
  await open(`/runs/${id}?tab=logs`);
  await page.getByRole("heading", { name: "Its details are forgotten" }).waitFor();
  const parts = page.getByRole("navigation", { name: "Parts of the run" }).getByRole("link");
  expect(await parts.allInnerTexts()).toEqual(["States", "Parameters", "Attempts"]);
  await page.getByRole("table", { name: "States of the run" }).waitFor();
  await page.getByRole("link", { name: "Attempts" }).click();
  await page.getByRole("table", { name: "Attempts of the run" }).waitFor();
  await open(`/runs/${id}/logs`);
  await page.getByText("Its lines are forgotten").waitFor();
  await open(`/runs/${id}/compare/${other}`);
  await page.getByText("Their tasks cannot be compared").waitFor();
});
