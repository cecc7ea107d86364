import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseProblem } from "../database-problem.ts";

const SQLITE_BUSY = 5;
const RETRY_MS = 100;

/**
 * Takes a directory for this process alone, until `release` or death: the system's own file lock, by way of SQLite, since Node has none.
 * A file with a process id would outlive its process, and mean another one after the id came round again.
 * @param waitMs how long to wait for a holder that is just ending.
 * @throws DatabaseProblem naming the process that holds it.
 */
export async function takeDirectory(directory: string, waitMs: number): Promise<{ release(): void }> {
  const lock = new DatabaseSync(join(directory, "lock.sqlite"));
  try {
    const until = performance.now() + waitMs;
    while (!tryLock(lock)) {
      if (performance.now() >= until) throw inUse(directory);
      await sleep(RETRY_MS);
    }
    writeFileSync(holderFile(directory), JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    release() {
      if (lock.isOpen) lock.close();
    },
  };
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec("begin exclusive");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

function inUse(directory: string): DatabaseProblem {
  return new DatabaseProblem(
    "EMBEDDED_IN_USE",
    `The embedded Postgres in ${directory} is in use by ${readHolder(directory)}. Stop that one first, or choose another directory.`,
  );
}

function readHolder(directory: string): string {
  try {
    const { pid, since } = JSON.parse(readFileSync(holderFile(directory), "utf8")) as { pid: number; since: string };
    return `process ${pid}, since ${since}`;
  } catch {
    return "another process";
  }
}

function holderFile(directory: string): string {
  return join(directory, "holder.json");
}
