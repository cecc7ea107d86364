import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findGuards } from "./find-guards.ts";
import { type Guard, type GuardKind, TESTS } from "./guard.ts";
import { guardsReport, type Verdict } from "./report.ts";
import { Workspace } from "./workspace.ts";

// Takes every guard of the cloud out once, and runs the tests that must notice: `pnpm guards [--only text] [--kind policy]`.

const ROOT = join(import.meta.dirname, "..", "..", "..", "..", "..");
const WORKERS = 2;

const { values: flags } = parseArgs({ options: { only: { type: "string" }, kind: { type: "string" } } });

async function main(): Promise<number> {
  const guards = findGuards(ROOT).filter(
    ({ name, kind }) => name.includes(flags.only ?? "") && (flags.kind ?? kind) === kind,
  );
  const workspaces = Array.from({ length: WORKERS }, () => new Workspace(ROOT));
  try {
    await whole(workspaces[0], new Set(guards.map(({ kind }) => kind)));
    return conclude(await judge(guards, workspaces));
  } finally {
    for (const workspace of workspaces) workspace.remove();
  }
}

/** With all guards the tests must pass, else every verdict would be worthless. */
async function whole(workspace: Workspace | undefined, kinds: Iterable<GuardKind>): Promise<void> {
  for (const kind of kinds) {
    const failing = await workspace?.firstFailure(TESTS[kind]);
    if (failing !== null) throw new Error(`The tests fail with all guards in place: ${failing ?? "no workspace"}`);
  }
}

async function judge(guards: readonly Guard[], workspaces: readonly Workspace[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const waiting = [...guards];
  const work = async (workspace: Workspace): Promise<void> => {
    for (let guard = waiting.shift(); guard !== undefined; guard = waiting.shift()) {
      const foundBy = await workspace.without(guard, TESTS[guard.kind]);
      verdicts.push({ guard, foundBy });
      console.log(
        `${verdicts.length}/${guards.length} ${foundBy === null ? "NOTHING FAILED" : "found"}: ${guard.name}`,
      );
    }
  };
  await Promise.all(workspaces.map(work));
  return verdicts.toSorted((one, other) => guards.indexOf(one.guard) - guards.indexOf(other.guard));
}

function conclude(verdicts: readonly Verdict[]): number {
  const survivors = verdicts.filter(({ foundBy }) => foundBy === null);
  if (flags.only === undefined && flags.kind === undefined)
    writeFileSync(join(ROOT, "docs", "guards-report.md"), guardsReport(verdicts));
  console.log(`${verdicts.length} guards, ${survivors.length} whose absence nothing found.`);
  return survivors.length === 0 ? 0 : 1;
}

process.exitCode = await main();
