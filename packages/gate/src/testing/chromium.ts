import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, type Rolldown } from "vite";
import { onTestFinished } from "vitest";

/** Debian's own. Others come with a download from a host that a bare machine may not reach. */
const CHROMIUM = "/usr/bin/chromium";
const QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts the browser; without a sandbox, as root has none there. Whoever starts it closes it. */
export async function startChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error("There is no browser to test with. Install it: apt-get install chromium");
  return await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", ...QUIET] });
}

/** Bundles the script of the page, as the dashboard is bundled. */
export async function bundlePage(): Promise<string> {
  const entry = fileURLToPath(new URL("browser-page.ts", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry, formats: ["es"], fileName: "page" } },
  });
  const [{ output }] = built as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput];
  return output[0].code;
}

// As strict as the dashboard's own: no eval, no script from elsewhere, and no words with anybody but the page's own server.
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'";
const HTML = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>`;

/** A page in a browser, and everything that was asked of its server. */
export interface OpenPage {
  readonly page: Page;
  readonly url: string;
  readonly requests: readonly string[];
}

/**
 * Serves a script at an origin of its own and opens its page in `browser`, with storage of its own. Ends with the test.
 * @param beside a page that already is there: the new one shares its storage, as two tabs do
 */
export async function openPage(browser: Browser, script: string, beside?: Page): Promise<OpenPage> {
  const served: string[] = [];
  const server = createServer((request, response) => {
    served.push(`${request.method} ${request.url}`);
    const isScript = request.url === "/page.js";
    const type = isScript ? "text/javascript" : "text/html";
    response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(isScript ? script : HTML);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const context = beside?.context() ?? (await browser.newContext());
  if (beside === undefined) onTestFinished(() => context.close());
  const page = await context.newPage();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // Also what goes elsewhere, or is stopped before it leaves.
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) served.push(request.url());
  });
  await page.goto(url);
  await page.waitForFunction("globalThis.weir !== undefined");
  return { page, url, requests: served };
}
