import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startWeir } from "./testing/processes.ts";
import { setStage, type Stage } from "./testing/stage.ts";
import { openVisitor } from "./testing/visitor.ts";

// `weir dashboard`: the page comes from this machine, and the key stays in that process.

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
}, 120_000);
afterAll(() => stage.end());

async function startDashboard(): Promise<URL> {
  const env = { WEIR_API_URL: stage.cloud.url, WEIR_API_KEY: stage.cloud.userKey };
  const command = startWeir(["dashboard", "--port", "0", "--json"], stage.folder, env);
  onTestFinished(async () => {
    command.child.kill("SIGINT");
    expect(await command.ended).toBe(0);
  });
  const told = await eventually(() => {
    if (command.child.exitCode !== null) throw new Error(command.written());
    return command.written().endsWith("}\n") && command.written();
  });
  return new URL((JSON.parse(told) as { url: string }).url);
}

test("the address leads to the page of the profile's cloud; the key is nowhere in the browser", async () => {
  const { origin, hash } = await startDashboard();
  const visitor = await openVisitor(stage.browser, { url: origin, records: true });
  await visitor.open(`/${hash}`);
  const { page } = visitor;
  expect(page.url()).toBe(`${origin}/`);
  await page.getByRole("link", { name: "Runs", exact: true }).click();
  await page.waitForURL(`${origin}/runs`);
  await visitor.settled();
  expect(await page.evaluate("Object.values({ ...sessionStorage, ...localStorage }).join()")).toContain("weir_p_");
  const inBrowser = JSON.stringify([
    await page.evaluate("[{ ...sessionStorage }, { ...localStorage }, document.documentElement.outerHTML]"),
    await visitor.context.cookies(),
    visitor.responses,
  ]);
  expect(inBrowser).not.toContain(stage.cloud.userKey);
  expect(visitor.requests.filter((request) => !request.includes(` ${origin}/`))).toEqual([]);
});

test("a page without the secret is told where it is", async () => {
  const { origin } = await startDashboard();
  const visitor = await openVisitor(stage.browser, { url: origin });
  visitor.expects(/console: Failed to load resource:.*(401|404)/);
  await visitor.open("/");
  await visitor.page.getByRole("button", { name: "Key", exact: true }).click();
  await visitor.page.getByLabel(/key/i).last().fill(stage.cloud.userKey);
  await visitor.page.keyboard.press("Enter");
  await visitor.page.getByText("Open the address that it printed").waitFor();
});
