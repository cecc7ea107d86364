import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MUTATIONS } from "./mutations/list.ts";
import { lostMutations } from "./mutations/lost.ts";
import { Memory } from "./mutations/memory.ts";
import { mutationReport, type Verdict } from "./mutations/report.ts";
import { Workspace } from "./mutations/workspace.ts";

// Takes every guard of the engine out once, and runs the tests: `node packages/sdk/src/conformance/mutate.ts [--only text] [--fresh]`.
// What was found out is kept in the temporary directory until a source changes, so a run that was stopped goes on where it was.

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");
const WORKERS = 2;

const { values: flags } = parseArgs({
  options: { only: { type: "string" }, fresh: { type: "boolean", default: false } },
});

async function main(): Promise<number> {
  const lost = lostMutations(ROOT, MUTATIONS);
  for (const one of lost) console.error(`${one.file} has no longer exactly one place for: ${one.name}`);
  const chosen = MUTATIONS.filter(
    ({ name, file }) => `${file} ${name}`.includes(flags.only ?? "") && !lost.some((one) => one.name === name),
  );
  const memory = new Memory(ROOT, flags.fresh);
  const workspaces = Array.from({ length: WORKERS }, () => new Workspace(ROOT));
  try {
    await whole(workspaces[0]);
    const verdicts = await judge(chosen, workspaces, memory);
    return conclude(verdicts, lost.length);
  } finally {
    for (const workspace of workspaces) workspace.remove();
  }
}

/** Without a mutation the tests must pass, else every verdict would be worthless. */
async function whole(workspace: Workspace | undefined): Promise<void> {
  const failing = await workspace?.firstFailure();
  if (failing !== null) throw new Error(`The tests fail without any mutation: ${failing ?? "there is no workspace"}`);
}

async function judge(chosen: typeof MUTATIONS, workspaces: readonly Workspace[], memory: Memory): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const waiting = [...chosen];
  const work = async (workspace: Workspace): Promise<void> => {
    for (let mutation = waiting.shift(); mutation !== undefined; mutation = waiting.shift()) {
      const known = memory.recall(mutation);
      const killedBy = known === undefined ? await workspace.mutated(mutation) : known;
      memory.keep(mutation, killedBy);
      verdicts.push({ mutation, killedBy });
      console.log(`${verdicts.length}/${chosen.length} ${killedBy === null ? "SURVIVED" : "killed"}: ${mutation.name}`);
    }
  };
  await Promise.all(workspaces.map(work));
  return verdicts.toSorted((a, b) => chosen.indexOf(a.mutation) - chosen.indexOf(b.mutation));
}

function conclude(verdicts: readonly Verdict[], lost: number): number {
  const survivors = verdicts.filter(({ killedBy }) => killedBy === null);
  for (const { mutation } of survivors) console.error(`Survived: ${mutation.name} (${mutation.file})`);
  if (flags.only === undefined) writeFileSync(join(ROOT, "docs", "mutation-report.md"), mutationReport(verdicts));
  console.log(`${verdicts.length} mutations, ${survivors.length} survived, ${lost} lost.`);
  return survivors.length + lost === 0 ? 0 : 1;
}

process.exitCode = await main();
