import { closeSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { RunFacts } from "@weir/gate";
import { sentenceOf } from "./log.ts";

/** One holding of one run, as the journal knows it. */
export interface JournalRun {
  /** The journal's own key. */
  readonly key: number;
  readonly runId: string;
  readonly attempt: number;
  /** Run token, the newest that the cloud gave. */
  readonly token: string;
  /** Highest number that the cloud has acknowledged. */
  readonly acknowledged: number;
  /** Whether a terminal state of the flow was appended. */
  readonly over: boolean;
  /** What the gate must know of the run to treat its events as its first runner would have. */
  readonly facts: RunFacts;
}

/** Rows of before there were policies say nothing of their flow. */
function factsOfRow(row: Readonly<Record<string, unknown>>): RunFacts {
  const unknown = {
    runId: String(row["run_id"]),
    attempt: Number(row["attempt"]),
    project: "",
    flow: "",
    requests: [],
  };
  return { ...unknown, ...(JSON.parse(String(row["facts"])) as Partial<RunFacts>) };
}

/** One row of events: numbers `first` to `last`, `bytes` of JSON. */
export interface JournalRow {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

/** Another process holds the journal. */
export class JournalLockedError extends Error {
  override readonly name = "JournalLockedError";
}

// A row holds a batch, not an event: 45,000 events a second as single rows would take a whole core.
const SCHEMA = `
  create table if not exists runs (
    key integer primary key, run_id text not null, attempt integer not null, token text not null,
    acknowledged integer not null default 0, over integer not null default 0, refused text, at integer not null,
    facts text not null default '{}', unique (run_id, attempt)
  ) strict;
  create table if not exists batches (
    run integer not null references runs (key), first integer not null, last integer not null, bytes integer not null,
    json text not null, primary key (run, first)
  ) strict;
`;

/** A journal of an agent before runs carried what the gate must know of them. */
function bringUpToDate(database: DatabaseSync): void {
  const columns = database.prepare("select name from pragma_table_info('runs')").all();
  if (columns.some(({ name }) => name === "facts")) return;
  database.exec("alter table runs add column facts text not null default '{}'");
}

/** SQLite's result codes for a file that is no database any more, and for one that another process holds. */
const BROKEN_CODES: ReadonlySet<number> = new Set([11, 26]);
const BUSY_CODE = 5;

function sqliteCode(error: unknown): number {
  return Number((error as { errcode?: unknown } | null)?.errcode ?? 0) & 0xff;
}

function openDatabase(file: string, maxPages: number | undefined): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // The file holds run tokens and log lines: SQLite would make it by the umask, and its -wal after the file's own mode.
  closeSync(openSync(file, "a", 0o600));
  const database = new DatabaseSync(file);
  try {
    // Exclusive: two agents with one journal would each ship the other's rows. The system frees the lock when a process dies.
    // Synchronous NORMAL: survives the death of the process; a power cut may take the last moments, and the lease heals that.
    database.exec("pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal;");
    if (maxPages !== undefined) database.exec(`pragma max_page_count = ${maxPages}`);
    database.exec(SCHEMA);
    bringUpToDate(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/**
 * The user's durable, ordered record of events that the cloud has not acknowledged: one SQLite file per agent.
 * Its calls are synchronous on purpose: an event is on disk before anything else is done with it.
 */
export class Journal {
  readonly #database: DatabaseSync;
  readonly #append: StatementSync;
  readonly #read: StatementSync;
  readonly #prune: StatementSync;
  readonly #acknowledge: StatementSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#append = database.prepare("insert into batches (run, first, last, bytes, json) values (?, ?, ?, ?, ?)");
    this.#read = database.prepare("select json from batches where run = ? and first = ?");
    this.#prune = database.prepare("delete from batches where run = ? and last <= ?");
    this.#acknowledge = database.prepare("update runs set acknowledged = ? where key = ?");
  }

  /**
   * Opens the journal's file, or makes it. A file that is no database any more is set aside as `….broken`.
   * @param maxPages bound of the file in pages of 4 KiB, to try out a full disk
   * @throws JournalLockedError while another process has it open
   */
  static open(file: string, o: { maxPages?: number; onBroken?: (sentence: string) => void } = {}): Journal {
    try {
      return new Journal(openDatabase(file, o.maxPages));
    } catch (error) {
      if (sqliteCode(error) === BUSY_CODE)
        throw new JournalLockedError(
          `The journal ${file} is in use by another process. Two agents cannot share a directory: stop the other one, or give this one a directory of its own.`,
        );
      if (!BROKEN_CODES.has(sqliteCode(error))) throw error;
      renameSync(file, `${file}.broken`);
      for (const rest of [`${file}-wal`, `${file}-shm`]) rmSync(rest, { force: true });
      o.onBroken?.(
        `The journal ${file} cannot be read (${sentenceOf(error)}). It was set aside as ${file}.broken, and a new one was begun; runs that it held will be begun again by the cloud.`,
      );
      return new Journal(openDatabase(file, o.maxPages));
    }
  }

  /** Notes a holding before its child is started, so that even one without events is found again. Returns its key. */
  begin(run: { runId: string; attempt: number; token: string; at: number; facts: RunFacts }): number {
    const { runId, attempt, token, at, facts } = run;
    this.#database
      .prepare("delete from batches where run in (select key from runs where run_id = ? and attempt = ?)")
      .run(runId, attempt);
    const made = this.#database
      .prepare("insert or replace into runs (run_id, attempt, token, at, facts) values (?, ?, ?, ?, ?)")
      .run(runId, attempt, token, at, JSON.stringify(facts));
    return Number(made.lastInsertRowid);
  }

  /** Appends one row. @throws when the disk is full, or the file cannot be written */
  append(key: number, row: JournalRow, json: string): void {
    this.#append.run(key, row.first, row.last, row.bytes, json);
  }

  /** JSON text of the row that begins with a number. */
  read(key: number, first: number): string {
    const row = this.#read.get(key, first);
    if (row === undefined) throw new Error(`The journal holds no row that begins with event ${first}.`);
    return String(row["json"]);
  }

  /** Moves the cursor, and drops rows up to `prune`. */
  acknowledge(key: number, acknowledged: number, prune: number): void {
    this.#database.exec("begin");
    try {
      this.#acknowledge.run(acknowledged, key);
      this.#prune.run(key, prune);
      this.#database.exec("commit");
    } catch (error) {
      this.#database.exec("rollback");
      throw error;
    }
  }

  setToken(key: number, token: string): void {
    this.#database.prepare("update runs set token = ? where key = ?").run(token, key);
  }

  setFacts(key: number, facts: RunFacts): void {
    this.#database.prepare("update runs set facts = ? where key = ?").run(JSON.stringify(facts), key);
  }

  /** A terminal state of the flow was appended: nothing follows. */
  markOver(key: number): void {
    this.#database.prepare("update runs set over = 1 where key = ?").run(key);
  }

  /** The cloud will not take the rest: keeps it for a person to look at. */
  setAside(key: number, reason: string): void {
    this.#database.prepare("update runs set refused = ? where key = ?").run(reason, key);
  }

  /** All was acknowledged. */
  forget(key: number): void {
    this.#prune.run(key, Number.MAX_SAFE_INTEGER);
    this.#database.prepare("delete from runs where key = ?").run(key);
  }

  /** Holdings of an earlier process that were neither finished nor refused, oldest first. */
  found(): JournalRun[] {
    const sql =
      "select key, run_id, attempt, token, acknowledged, over, facts from runs where refused is null order by key";
    return this.#database
      .prepare(sql)
      .all()
      .map((row) => ({
        key: Number(row["key"]),
        runId: String(row["run_id"]),
        attempt: Number(row["attempt"]),
        token: String(row["token"]),
        acknowledged: Number(row["acknowledged"]),
        over: row["over"] === 1,
        facts: factsOfRow(row),
      }));
  }

  /** Rows of one holding, in order, without their JSON. */
  rows(key: number): JournalRow[] {
    return this.#database
      .prepare("select first, last, bytes from batches where run = ? order by first")
      .all(key)
      .map((row) => ({ first: Number(row["first"]), last: Number(row["last"]), bytes: Number(row["bytes"]) }));
  }

  /** Holdings that the cloud refused, with the reason and how many events are kept. */
  evidence(): { runId: string; attempt: number; reason: string; events: number }[] {
    const sql = `select run_id, attempt, refused, coalesce(sum(last - first + 1), 0) as events
      from runs left join batches on batches.run = runs.key where refused is not null group by runs.key order by runs.key`;
    return this.#database
      .prepare(sql)
      .all()
      .map((row) => ({
        runId: String(row["run_id"]),
        attempt: Number(row["attempt"]),
        reason: String(row["refused"]),
        events: Number(row["events"]),
      }));
  }

  /** Drops refused holdings that were begun before a moment (milliseconds since 1970). */
  dropEvidence(before: number): void {
    this.#database
      .prepare("delete from batches where run in (select key from runs where refused is not null and at < ?)")
      .run(before);
    this.#database.prepare("delete from runs where refused is not null and at < ?").run(before);
  }

  close(): void {
    this.#database.close();
  }
}
