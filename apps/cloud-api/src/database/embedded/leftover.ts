import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const STEP_MS = 50;

/**
 * Sees to it that no earlier server is left on a data directory. The caller holds the directory, so a server that still runs there has
 * lost its owner: usually it is ending just now, and is waited for; otherwise it is told to end. A pid file of a server that died says
 * nothing, and Postgres itself ignores it, unless its number is that of some other process by now: then the file is removed.
 */
export async function endLeftover(data: string): Promise<void> {
  const pid = readPid(data);
  if (pid === null || !isAlive(pid)) return;
  if (!isServerOf(pid, data)) {
    rmSync(join(data, "postmaster.pid"), { force: true });
    return;
  }
  // Fast shutdown, immediate shutdown, and the last resort; the first wait is for the one that ends by itself.
  if (await gone(pid, 2_000)) return;
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    sendSignal(pid, signal);
    if (await gone(pid, 10_000)) return;
  }
}

/** Process id of the server that runs, or last ran, on a data directory. */
export function readPid(data: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10);
    return pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** Whether a server runs on a data directory. */
export function isServed(data: string): boolean {
  const pid = readPid(data);
  return pid !== null && isAlive(pid) && isServerOf(pid, data);
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += STEP_MS) {
    if (!isAlive(pid)) return true;
    await sleep(STEP_MS);
  }
  return !isAlive(pid);
}

function isServerOf(pid: number, data: string): boolean {
  const command = commandOf(pid);
  return command.includes("postgres") && command.includes(data);
}

/** Command line of a process; empty when it is gone, or dead and not yet buried. */
function commandOf(pid: number): string {
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It went in between.
  }
}
