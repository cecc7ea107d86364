import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, openDatabase } from "@weir/cloud-api/database";
import { Client } from "pg";
import { inject } from "vitest";
import { databaseUrl } from "./test-postgres.ts";

/** A database of a test file's own. */
export interface TestDatabase {
  readonly url: string;
  /** Opened on it. Connects with the first query. */
  readonly database: Database;
  /** Closes and drops it, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Makes a database for a test file.
 * @param from `"migrated"` (default): cloned from the template, with all tables, and partitions for today. `"empty"`: with nothing in it.
 * @example const test = await createTestDatabase(); afterAll(() => test.drop());
 */
export async function createTestDatabase(from: "migrated" | "empty" = "migrated"): Promise<TestDatabase> {
  const { adminUrl, template } = inject("weirPostgres");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await asAdmin(adminUrl, (admin) => clone(admin, name, from === "migrated" ? template : "template0"));
  const url = databaseUrl(adminUrl, name);
  const database = openDatabase({ url, maxConnections: 5 });
  return {
    url,
    database,
    async drop() {
      await database.close();
      await asAdmin(adminUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** 55006 object_in_use: another test file is just cloning from the same template. 57014, 40001: the same, said otherwise. */
const BUSY = new Set(["55006", "57014", "40001"]);
const ATTEMPTS = 100;

async function clone(admin: Client, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.query(`create database ${name} template ${template}`);
      return;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!BUSY.has(code) || attempt === ATTEMPTS) throw error;
      await sleep(50);
    }
  }
}

async function asAdmin(url: string, work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
