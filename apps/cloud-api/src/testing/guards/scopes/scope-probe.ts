import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HELD_TABLES } from "@weir/protocol";
import pg from "pg";
import { expect } from "vitest";
import { currentTenant } from "../../../database/tenant-scope.ts";
import { movedAndGone, type Statement } from "./moved-and-gone.ts";
import type { Guard } from "../guard.ts";
import { findScopes, idOf, TAG, tagOf } from "./scope-tag.ts";
import type { Send } from "./shadow-tables.ts";
import { secondLock } from "../second-locks.ts";

// Set up before a test file: whenever a statement is about to be sent for a tenant, it is first tried out. Rows that carry another tenant's id must be as
// good as gone for it; and without each of its scopes they must not, or the scope could be left out.

const ROOT = join(import.meta.dirname, "..", "..", "..", "..", "..", "..");
const SCOPES = new Map(findScopes(ROOT).map((scope) => [idOf(scope), scope]));
const TABLES = Object.entries(HELD_TABLES).flatMap(([table, { columns }]) => ("tenant_id" in columns ? [table] : []));
/** How often a statement is tried while the same of its tables have rows, before it is said that these are not enough. */
const TRIES = 30;
/** Once nothing is to be learnt of its scopes any more, or if it has none. */
const TRIES_WITHOUT_SCOPES = 2;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WITH_ID = /'[0-9a-f]{8}-[0-9a-f]{4}-/;

const FINDINGS = process.env["WEIR_SCOPE_FINDINGS"] ?? "";

function note(finding: object): void {
  appendFileSync(FINDINGS, `${JSON.stringify({ ...finding, in: expect.getState().testPath })}\n`);
}

/** Of scopes that nothing is to be learnt of any more: found by a test file before this one, or known to stand behind another lock. */
const settled = new Set([
  ...readFileSync(FINDINGS, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { needed?: string }).needed),
  ...[...SCOPES.values()].map(({ name }) => name).filter((name) => secondLock(name) !== null),
]);

/** What is still to be learnt of a statement. */
class Question {
  readonly #scopes: Set<Guard>;
  readonly #tables: readonly string[];
  readonly #open = new Set<string>();
  readonly #tries = new Map<string, number>();
  #told = 0;

  constructor(text: string) {
    const scopes = [...text.matchAll(TAG)].map(([, id = ""]) => SCOPES.get(id)).filter((scope) => scope !== undefined);
    this.#scopes = new Set(scopes.filter(({ name }) => !settled.has(name)));
    this.#tables = TABLES.filter((table) => new RegExp(`\\b${table}\\b`).test(text));
  }

  isAnswered(): boolean {
    return this.#tables.length === 0 || (this.#scopes.size === 0 && this.#told >= TRIES_WITHOUT_SCOPES);
  }

  async ask(send: Send, statement: Statement, tenantId: string): Promise<void> {
    const scopes = [...this.#scopes];
    const without = scopes.map((scope) => withoutScope(statement.text, scope));
    const trial = { statement, tables: this.#tables, tenantId, without, isNew: this.#isNew.bind(this) };
    for (const { what, seen, seenWithout } of await movedAndGone(send, trial)) {
      if (seen === null) for (const scope of scopes.filter((_, index) => seenWithout[index])) this.#isNeeded(scope);
      else if (!this.#open.has(what)) note({ open: statement.text, what, why: seen });
      if (seen !== null) this.#open.add(what);
    }
  }

  #isNeeded(scope: Guard): void {
    if (this.#scopes.delete(scope)) note({ needed: scope.name });
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

function withoutScope(text: string, scope: Guard): string {
  return text.replaceAll(`${scope.text}${tagOf(scope)}`, scope.replace);
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
