import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, open, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

const directory = join(import.meta.dirname, ".weir");
const lockFile = join(directory, "reports.lock");
/** Whoever finds the lock taken leaves this beside it; the holder then hurries. */
const waitingFile = join(directory, "reports.lock.waiting");

/** Another process holds the lock on the reports. It passes: worth another try. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

/** Runs `work` under the lock. @throws LockedError when another process holds it. */
export async function withLock<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(directory, { recursive: true });
  try {
    await (await open(lockFile, "wx")).close();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    await removeStaleLock();
    await writeFile(waitingFile, "");
    throw new LockedError("the reports are locked by another process, for example a backup");
  }
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

/** A process that was killed leaves its lock behind; no holder keeps one for half a minute. */
async function removeStaleLock(): Promise<void> {
  const lock = await stat(lockFile).catch(() => null);
  if (lock !== null && Date.now() - lock.mtimeMs > 30_000) await rm(lockFile, { force: true });
}

/** Starts a backup of the reports in a process of its own and resolves once that holds the lock. The fault of this example is real. */
export async function holdLockWhileBackingUp(): Promise<void> {
  const backup = spawn(process.execPath, [join(import.meta.dirname, "backup.ts")], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  // Either "locked" on its output, or its end: then somebody else has the lock already.
  await Promise.race([once(backup.stdout, "data"), once(backup, "exit")]);
  backup.stdout.destroy();
  backup.unref();
}

/** The backup's side: takes the lock, holds it until somebody waits (ten seconds at most), lets go. */
export async function backUp(): Promise<void> {
  await rm(waitingFile, { force: true });
  await withLock(async () => {
    process.stdout.write("locked\n");
    const until = Date.now() + 10_000;
    while (!existsSync(waitingFile) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  await rm(waitingFile, { force: true });
}
