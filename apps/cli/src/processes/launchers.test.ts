import { expect, test } from "vitest";
import { launchersAbove, type ProcessFacts, readProcess, standsStill } from "./launchers.ts";

const PROCESSES: Record<number, ProcessFacts> = {
  5: { parent: 4, commandLine: "sh -c node apps/cli/src/main.ts demo " },
  4: { parent: 3, commandLine: "pnpm demo " },
  3: { parent: 2, commandLine: "sh -c 'pnpm' demo " },
  2: { parent: 9, commandLine: "npm exec pnpm@12 demo " },
  9: { parent: 1, commandLine: "-bash " },
};

test("npx, pnpm and the shells between them are launchers; the shell of the person is not", () => {
  expect(launchersAbove(5, (pid) => PROCESSES[pid] ?? null)).toEqual([5, 4, 3, 2]);
  expect(launchersAbove(9, (pid) => PROCESSES[pid] ?? null)).toEqual([]);
  expect(launchersAbove(77, () => null)).toEqual([]);
});

test("a launcher that was killed leaves its child to another parent", () => {
  const chain = [5, 4, 3, 2];
  const parents = new Map([
    [6, 5],
    [5, 4],
    [4, 3],
    [3, 2],
  ]);
  expect(standsStill(chain, (pid) => parents.get(pid), 6)).toBe(true);
  parents.set(3, 1);
  expect(standsStill(chain, (pid) => parents.get(pid), 6)).toBe(false);
});

test("this very process is read from /proc", (context) => {
  if (process.platform !== "linux") return context.skip("there is no /proc");
  expect(readProcess(process.pid)?.parent).toBe(process.ppid);
});
