import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Debian's own. Others come with a download from a host that a bare machine may not reach. */
const CHROMIUM = "/usr/bin/chromium";
const QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts the browser; without a sandbox, as root has none there. Whoever starts it closes it. */
export async function startChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error("There is no browser to test with. Install it: apt-get install chromium");
  return await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", ...QUIET] });
}
