import { randomBytes } from "node:crypto";
import { closeSync, fchmodSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { readSecretFile } from "@weir/gate";
import { AGENT_EXIT, AgentError } from "./agent-error.ts";

/** What an agent keeps on its own disk, and holds alone as long as it lives. */
export interface AgentDirectory {
  /** Key of the user's side for digests and pseudonyms that cross. */
  readonly hmacKey: Uint8Array;
  readonly ledgerFile: string;
  /** What `id-only` kept back, and which pseudonym stands for which location. */
  readonly errorsDirectory: string;
  readonly dictionaryDirectory: string;
  close(): void;
}

const KEY_BYTES = 32;
/** An agent whose parent was killed needs a moment to end; its successor waits for it. */
const LOCK_WAIT_MS = 10_000;

/**
 * Opens the directory for one agent: two in one directory would spoil each other's ledger and journal.
 * @param o.hmacKeyFile key that all agents of a tenant share; null: this directory's own, made at the first start
 * @throws AgentError when it cannot be used, or another agent keeps it for longer than the wait
 */
export async function openAgentDirectory(
  directory: string,
  o: { readonly hmacKeyFile?: string | null; readonly lockWaitMs?: number } = {},
): Promise<AgentDirectory> {
  const { hmacKeyFile = null, lockWaitMs = LOCK_WAIT_MS } = o;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(directory, error);
  }
  const lock = await takeLock(directory, lockWaitMs);
  try {
    return {
      hmacKey: hmacKeyFile === null ? readHmacKey(join(directory, "hmac-key")) : readSharedKey(hmacKeyFile),
      ledgerFile: join(directory, "ledger.jsonl"),
      errorsDirectory: join(directory, "errors"),
      dictionaryDirectory: join(directory, "locations"),
      close: () => lock.close(),
    };
  } catch (error) {
    lock.close();
    throw error instanceof AgentError ? error : unusable(directory, error);
  }
}

/** A lock of SQLite is a lock of the kernel: it ends with the process, however that ends. A file with a process id would not. */
async function takeLock(directory: string, waitMs: number): Promise<DatabaseSync> {
  const until = performance.now() + waitMs;
  for (;;) {
    try {
      return lockedDatabase(join(directory, "agent.lock"));
    } catch (error) {
      if (!isBusy(error)) throw unusable(directory, error);
      if (performance.now() > until)
        throw new AgentError(
          `Another agent uses the directory ${directory}. Stop it, or name another directory in WEIR_AGENT_DIRECTORY.`,
          AGENT_EXIT.failed,
        );
      await sleep(100);
    }
  }
}

function lockedDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    database.exec("begin exclusive");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /database is locked|SQLITE_BUSY/.test(error.message);
}

/** The key, made once. Linked under its name when whole, so that a crash leaves no half of a key. */
function readHmacKey(file: string): Uint8Array {
  const known = readIfThere(file);
  if (known === null) {
    writeKey(file);
    return readHmacKey(file);
  }
  const key = Buffer.from(known.trim(), "base64url");
  if (key.length >= KEY_BYTES) return key;
  throw new AgentError(
    `The digest key ${file} has ${key.length} bytes instead of ${KEY_BYTES}. Put it back from a backup; without one, delete it: digests of later runs then differ from earlier ones.`,
    AGENT_EXIT.failed,
  );
}

/** A key that the user distributes: equal inputs then give equal digests and pseudonyms on every agent. */
function readSharedKey(file: string): Uint8Array {
  const key = Buffer.from(readSecretFile(file, "WEIR_AGENT_HMAC_KEY_FILE").trim(), "base64url");
  if (key.length >= KEY_BYTES) return key;
  throw new AgentError(
    `WEIR_AGENT_HMAC_KEY_FILE names ${file}, which holds ${key.length} bytes instead of ${KEY_BYTES} or more. Make one with \`openssl rand -base64 32\`, and give the same file to every agent.`,
    AGENT_EXIT.usage,
  );
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function writeKey(file: string): void {
  const temporary = `${file}.${process.pid}`;
  const handle = openSync(temporary, "wx", 0o600);
  try {
    fchmodSync(handle, 0o600);
    writeSync(handle, `${randomBytes(KEY_BYTES).toString("base64url")}\n`);
  } finally {
    closeSync(handle);
  }
  linkSync(temporary, file);
  rmSync(temporary);
}

function unusable(directory: string, error: unknown): AgentError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AgentError(
    `The agent's directory ${directory} cannot be used: ${reason}. Mend it, or name another in WEIR_AGENT_DIRECTORY.`,
    AGENT_EXIT.failed,
    error,
  );
}
