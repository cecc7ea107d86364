import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { HELD_TABLES } from "@weir/protocol";
import pg from "pg";
import { expect } from "vitest";
import { currentTenant } from "../../../database/tenant-scope.ts";
import { movedAndGone, type Statement } from "./moved-and-gone.ts";
import { findScopes, TAG, tagOf } from "./scope-tag.ts";
import type { Send } from "./shadow-tables.ts";

// Set up before a test file: whenever a statement is about to be sent for a tenant, it is first tried out. Rows that carry another tenant's id must be as
// good as gone for it; and without each of its scopes they must not, or the scope could be left out.

const ROOT = join(import.meta.dirname, "..", "..", "..", "..", "..", "..");
const SCOPES = findScopes(ROOT);
const TABLES = Object.entries(HELD_TABLES).flatMap(([table, { columns }]) => ("tenant_id" in columns ? [table] : []));
/** How often a statement is tried while the same of its tables have rows, before it is said that these are not enough. */
const TRIES = 12;
/** Once nothing is to be learnt of its scopes any more, or if it has none. */
const TRIES_WITHOUT_SCOPES = 3;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WITH_ID = /'[0-9a-f]{8}-[0-9a-f]{4}-/;

function note(finding: object): void {
  const file = process.env["WEIR_SCOPE_FINDINGS"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ ...finding, in: expect.getState().testPath })}\n`);
}

/** What is still to be learnt of a statement. */
class Question {
  readonly #scopes: Set<number>;
  readonly #tables: readonly string[];
  readonly #open = new Set<string>();
  readonly #tries = new Map<string, number>();
  #told = 0;

  constructor(text: string) {
    this.#scopes = new Set([...text.matchAll(TAG)].map(([, digits]) => Number(digits)));
    this.#tables = TABLES.filter((table) => new RegExp(`\\b${table}\\b`).test(text));
  }

  isAnswered(): boolean {
    return this.#tables.length === 0 || (this.#scopes.size === 0 && this.#told >= TRIES_WITHOUT_SCOPES);
  }

  async ask(send: Send, statement: Statement, tenantId: string): Promise<void> {
    const scopes = [...this.#scopes];
    const without = scopes.map((number) => withoutScope(statement.text, number));
    const trial = { statement, tables: this.#tables, tenantId, without, isNew: this.#isNew.bind(this) };
    for (const { what, seen, seenWithout } of await movedAndGone(send, trial)) {
      if (seen === null) for (const number of scopes.filter((_, index) => seenWithout[index])) this.#isNeeded(number);
      else if (!this.#open.has(what)) note({ open: statement.text, what, why: seen });
      if (seen !== null) this.#open.add(what);
    }
  }

  #isNeeded(number: number): void {
    if (this.#scopes.delete(number)) note({ needed: SCOPES[number]?.name });
  }

  /** Whether it is worth a trial while these have rows. */
  #isNew(full: readonly string[]): boolean {
    const tries = this.#tries.get(full.join()) ?? 0;
    this.#tries.set(full.join(), tries + 1);
    const isNew = full.length > 0 && tries < TRIES;
    if (isNew) this.#told += 1;
    return isNew;
  }
}

function withoutScope(text: string, number: number): string {
  const scope = SCOPES[number];
  return scope === undefined ? text : text.replaceAll(`${scope.text}${tagOf(number)}`, scope.replace);
}

/**
 * Whose rows are moved: of whom the statement says it is. Where it says nothing, whoever it is sent for; the cloud writes no value into a statement, so
 * that one with an id or without any value is a test's own.
 */
function tenantOf({ text, values }: Statement): string | null {
  const [, position] = /tenant_id\)? = \$(\d+)(?:::uuid)?\)?\/\*scope/.exec(text) ?? [];
  const isOurs = text.includes("$1") && !WITH_ID.test(text);
  const own = position === undefined ? isOurs && currentTenant() : values[Number(position) - 1];
  return typeof own === "string" && UUID.test(own) ? own : null;
}

const questions = new Map<string, Question>();
/** Of connections that something is tried out on: what is sent meanwhile waits. */
const busy = new WeakMap<pg.Client, Promise<unknown>>();
const send = Reflect.get<pg.Client, "query">(pg.Client.prototype, "query") as (...args: unknown[]) => unknown;

Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...args: unknown[]) {
    const before = busy.get(this);
    const trial = trialOf(this, args);
    if (before === undefined && trial === null) return send.apply(this, args);
    const sent = (before ?? Promise.resolve()).then(() => trial?.()).then(() => ({ reply: send.apply(this, args) }));
    const ended = sent.then(
      () => undefined,
      () => undefined,
    );
    busy.set(this, ended);
    void ended.then(() => busy.get(this) === ended && busy.delete(this));
    return "submit" in Object(args[0]) ? args[0] : sent.then(({ reply }) => reply);
  },
});

function trialOf(client: pg.Client, [query, given]: readonly unknown[]): (() => Promise<void>) | null {
  const statement = statementOf(query, given);
  if (statement === null) return null;
  const question = questions.get(statement.text) ?? new Question(statement.text);
  questions.set(statement.text, question);
  const tenantId = question.isAnswered() ? null : tenantOf(statement);
  if (tenantId === null) return null;
  const asked: Send = (text, values) => send.call(client, text, values) as ReturnType<Send>;
  return () =>
    question
      .ask(asked, statement, tenantId)
      .catch((error: unknown) => note({ failed: String(error), statement: statement.text }));
}

function statementOf(query: unknown, given: unknown): Statement | null {
  const { text, values } = (typeof query === "string" ? { text: query } : query) as {
    text?: unknown;
    values?: unknown;
  };
  if (typeof text !== "string") return null;
  return { text, values: (values ?? given ?? []) as readonly unknown[] };
}
