import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@weir/testing";
import { expect, onTestFinished, test } from "vitest";
import { startChromium } from "./testing/chromium.ts";
import { makeSampleProject } from "./testing/sample-project.ts";
import { startOnTerminal } from "./testing/terminal.ts";
import { openVisitor } from "./testing/visitor.ts";

// The newcomer's first command, on a terminal, with its embedded Postgres, cloud, agent and example.

const ADDRESS = /^ *dashboard +(http:\/\/127\.0\.0\.1:\d+)(\/runs\/[\w-]+)#key=(weir_u_[\w-]+)\r?$/m;

test(
  "what `demo` prints on a terminal leads to its run with the timeline, without a click",
  { timeout: 240_000 },
  async () => {
    const project = await makeSampleProject({});
    onTestFinished(() => project.remove());
    const demo = startOnTerminal(["demo", "--port", "0"], project.folder);
    onTestFinished(async () => {
      demo.child.stdin?.write("\u0003");
      expect(await demo.ended).toBe(0);
    });
    const [, url = "", path = "", key = ""] = await Promise.race([
      eventually(() => ADDRESS.exec(demo.written()) ?? false, { timeoutMs: 180_000 }),
      demo.ended.then(() => Promise.reject(new Error(demo.written()))),
    ]);
    const browser = await startChromium();
    onTestFinished(() => browser.close());
    const visitor = await openVisitor(browser, { url, key });
    await visitor.open(path);
    const { page } = visitor;
    expect(await page.locator("h1").textContent()).toContain("flights");
    await page.getByText("delay-statistics").first().waitFor();
    expect(page.url()).toBe(url + path);
    const kept = globSync(".weir/**/*.{json,log,ndjson}", { cwd: project.folder });
    expect(kept.length).toBeGreaterThan(2);
    for (const file of kept) expect(readFileSync(join(project.folder, file), "utf8")).not.toContain(key);
  },
);
