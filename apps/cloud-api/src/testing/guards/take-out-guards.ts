import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findGuards } from "./find-guards.ts";
import type { Guard, GuardKind } from "./guard.ts";
import { guardsReport, type Verdict } from "./report.ts";
import { secondLock } from "./second-locks.ts";
import { TESTS, testsOf } from "./tests-of.ts";
import { Workspace } from "./workspace.ts";

// Takes every guard of the cloud out once, and runs the tests that must notice:
// `pnpm guards [--only text] [--kind policy] [--kept verdicts.jsonl] [--report]`. A whole run takes hours: what stands in the file of verdicts
// is not tried again, and each new one is added to it. `--report` writes docs/guards-report.md from it, and tries nothing.

const ROOT = join(import.meta.dirname, "..", "..", "..", "..", "..");
const WORKERS = 2;

const { values: flags } = parseArgs({
  options: {
    only: { type: "string" },
    kind: { type: "string" },
    kept: { type: "string" },
    report: { type: "boolean" },
  },
});

async function main(): Promise<number> {
  const all = findGuards(ROOT);
  const kept = keptVerdicts();
  const wanted = all.filter(({ name, kind }) => name.includes(flags.only ?? "") && (flags.kind ?? kind) === kind);
  const open = wanted.filter(({ name }) => !kept.has(name));
  if (flags.report !== true && open.length > 0) await tryAll(open, kept);
  const verdicts = all.flatMap((guard): Verdict[] => {
    const foundBy = kept.get(guard.name);
    return foundBy === undefined ? [] : [{ guard, foundBy }];
  });
  return conclude(verdicts, all);
}

/** What was found out before, by the names of guards. */
function keptVerdicts(): Map<string, string | null> {
  const path = flags.kept;
  if (path === undefined || !existsSync(path)) return new Map();
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line) as [string, string | null]));
}

async function tryAll(open: readonly Guard[], kept: Map<string, string | null>): Promise<void> {
  const workspaces = Array.from({ length: WORKERS }, () => new Workspace(ROOT));
  try {
    await whole(workspaces[0], new Set(open.map(({ kind }) => kind)));
    await judge(open, workspaces, kept);
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
  kept: Map<string, string | null>,
): Promise<void> {
  const waiting = [...guards];
  let tried = 0;
  const work = async (workspace: Workspace): Promise<void> => {
    for (let guard = waiting.shift(); guard !== undefined; guard = waiting.shift()) {
      const foundBy = await workspace.without(guard, testsOf(guard, ROOT));
      kept.set(guard.name, foundBy);
      if (flags.kept !== undefined) appendFileSync(flags.kept, `${JSON.stringify([guard.name, foundBy])}\n`);
      tried += 1;
      console.log(`${tried}/${guards.length} ${foundBy === null ? "NOTHING FAILED" : "found"}: ${guard.name}`);
    }
  };
  await Promise.all(workspaces.map(work));
}

function conclude(verdicts: readonly Verdict[], all: readonly Guard[]): number {
  const findings = verdicts.filter(({ guard, foundBy }) => foundBy === null && secondLock(guard.name) === null);
  const isWhole = flags.only === undefined && flags.kind === undefined;
  if (isWhole || flags.report === true)
    writeFileSync(join(ROOT, "docs", "guards-report.md"), guardsReport(verdicts, all));
  console.log(`${verdicts.length} of ${all.length} guards tried, ${findings.length} whose absence nothing found.`);
  return findings.length === 0 ? 0 : 1;
}

process.exitCode = await main();
