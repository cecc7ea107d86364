import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../io.ts";

interface Opened {
  /** Takes away what the browser was led by. */
  remove(): Promise<void>;
}

/** The program of this machine that opens a file with what people use for it. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/**
 * Opens an address in the browser, by way of a file that nobody else can read: everybody on a machine sees the arguments of its processes, and the
 * address holds a secret. What cannot be opened is said, and no reason to end: the address stands on the screen.
 */
export async function openInBrowser(io: Io, url: string): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), "weir-dashboard-"));
  const file = join(folder, "open.html");
  await writeFile(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">\n`, { mode: 0o600 });
  const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, file], { stdio: "ignore", detached: true });
  const problem = await Promise.race([
    once(child, "spawn").then(() => null),
    once(child, "error").then(([error]) => error as Error),
  ]);
  child.unref();
  if (problem !== null) io.err(`No browser could be opened here (${problem.message}). Open the address yourself.\n`);
  return { remove: () => rm(folder, { recursive: true, force: true }) };
}
