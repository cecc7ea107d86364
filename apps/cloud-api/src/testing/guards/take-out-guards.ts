import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findGuards } from "./find-guards.ts";
import type { Guard, GuardKind } from "./guard.ts";
import { guardsReport, readVerdicts, type Verdict } from "./report.ts";
import { isHeldByAKey } from "./scopes/held-by-a-key.ts";
import { isOfStatement } from "./scopes/scope-tag.ts";
import { secondLock } from "./second-locks.ts";
import { TESTS, testsOf } from "./tests-of.ts";
import { Workspace } from "./workspace.ts";

// Takes guards of the cloud out, and runs the tests that must notice: `pnpm guards [--only text] [--kind policy] [--again]`. What docs/guards-report.md
// tells of already is not tried again, unless by --again; it is written after each guard, so that a run may be ended and gone on with. All from the
// beginning takes hours, but for the tenant in the statements: these are tried by the dozen.

const ROOT = join(import.meta.dirname, "..", "..", "..", "..", "..");
const REPORT = join(ROOT, "docs", "guards-report.md");
const WORKERS = 2;

const { values: flags } = parseArgs({
  options: { only: { type: "string" }, kind: { type: "string" }, again: { type: "boolean" } },
});

/** By the names of guards: the test that failed without it, or null when none did. */
type Kept = Map<string, string | null>;

async function main(): Promise<number> {
  const all = findGuards(ROOT);
  const kept: Kept = existsSync(REPORT) ? readVerdicts(readFileSync(REPORT, "utf8")) : new Map();
  const wanted = all.filter(({ name, kind }) => name.includes(flags.only ?? "") && (flags.kind ?? kind) === kind);
  const open = wanted.filter(({ name }) => flags.again === true || !kept.has(name));
  const note = (guard: Guard, foundBy: string | null): void => {
    kept.set(guard.name, foundBy);
    writeFileSync(REPORT, guardsReport(verdictsOf(all, kept), all));
  };
  const sent = open.filter((guard) => guard.kind === "scope" && isOfStatement(guard));
  if (sent.length > 0) await trySent(sent, note);
  const others = open.filter((guard) => !sent.includes(guard));
  if (others.length > 0) await tryOthers(others, note);
  writeFileSync(REPORT, guardsReport(verdictsOf(all, kept), all));
  return conclude(verdictsOf(all, kept), all);
}

function verdictsOf(all: readonly Guard[], kept: Kept): Verdict[] {
  return all.flatMap((guard): Verdict[] => {
    const foundBy = kept.get(guard.name);
    return foundBy === undefined ? [] : [{ guard, foundBy }];
  });
}

async function trySent(scopes: readonly Guard[], note: (guard: Guard, foundBy: string | null) => void): Promise<void> {
  const workspace = new Workspace(ROOT);
  try {
    const { needed, open } = await workspace.sentScopes();
    for (const { statement, what } of open.filter((seen) => !isHeldByAKey(seen))) {
      console.log(`SEES ANOTHER TENANT'S ROWS (${what}): ${statement}`);
      process.exitCode = 1;
    }
    for (const scope of scopes) {
      const sender = needed.get(scope.name);
      note(scope, sender === undefined ? null : `a statement of ${sender} saw what is another tenant's`);
    }
  } finally {
    await workspace.remove();
  }
}

async function tryOthers(open: readonly Guard[], note: (guard: Guard, foundBy: string | null) => void): Promise<void> {
  const workspaces = Array.from({ length: WORKERS }, () => new Workspace(ROOT));
  try {
    await whole(workspaces[0], new Set(open.map(({ kind }) => kind)));
    await judge(open, workspaces, note);
  } finally {
    await Promise.all(workspaces.map((workspace) => workspace.remove()));
  }
}

/** With all guards the tests must pass, else every verdict would be worthless. */
async function whole(workspace: Workspace | undefined, kinds: Iterable<GuardKind>): Promise<void> {
  for (const kind of kinds) {
    const failing = await workspace?.firstFailure(TESTS[kind]);
    if (failing !== null) throw new Error(`The tests fail with all guards in place: ${failing ?? "no workspace"}`);
  }
}

async function judge(
  guards: readonly Guard[],
  workspaces: readonly Workspace[],
  note: (guard: Guard, foundBy: string | null) => void,
): Promise<void> {
  const waiting = [...guards];
  let tried = 0;
  const work = async (workspace: Workspace): Promise<void> => {
    for (let guard = waiting.shift(); guard !== undefined; guard = waiting.shift()) {
      const foundBy = await workspace.without(guard, testsOf(guard, ROOT));
      note(guard, foundBy);
      tried += 1;
      console.log(`${tried}/${guards.length} ${foundBy === null ? "NOTHING FAILED" : "found"}: ${guard.name}`);
    }
  };
  await Promise.all(workspaces.map(work));
}

function conclude(verdicts: readonly Verdict[], all: readonly Guard[]): number {
  const findings = verdicts.filter(({ guard, foundBy }) => foundBy === null && secondLock(guard.name) === null);
  for (const { guard } of findings) console.log(`NOTHING FAILED without ${guard.name}`);
  console.log(`${verdicts.length} of ${all.length} guards tried, ${findings.length} whose absence nothing found.`);
  return findings.length === 0 ? 0 : 1;
}

process.exitCode = (await main()) || process.exitCode;
