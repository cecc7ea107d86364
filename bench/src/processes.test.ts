import { expect, test } from "vitest";
import { cpuByRole } from "./clock.ts";
import { machineTime, memoryOf, type ProcessTime, processTime, timeBelow } from "./processes.ts";

test("a process name with spaces and brackets does not shift the fields", () => {
  const stat = "7 (node (x) y) S 3 7 7 0 -1 4194560 1 2 3 4 100 20 30 4 20 0 1";
  expect(processTime(stat)).toEqual({ parent: 3, self: 1200, ended: 340 });
});

test("the machine's busy time leaves out idling and waiting for the disk, and holds what the hypervisor took", () => {
  expect(machineTime("cpu  1 2 3 1000 1000 4 5 6 7 7\ncpu0 …")).toBe(210);
});

test("memory is what the process holds, now and at its most", () => {
  const status = "VmPeak:\t 9 kB\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\nRssAnon:\t 5 kB\n";
  expect([memoryOf(7, "now", status), memoryOf(7, "peak", status)]).toEqual([204_800, 307_200]);
  expect(memoryOf(7, "now", "")).toBeNaN();
});

const process_ = (parent: number, self: number, ended = 0): ProcessTime => ({ parent, self, ended });
const tree = new Map([
  [1, process_(0, 1000)],
  [10, process_(1, 50, 7)],
  [11, process_(10, 20)],
  [12, process_(11, 5)],
]);

test("descendants count whether they live or are over", () => {
  expect(timeBelow(tree, 10)).toBe(32);
});

test("an agent's own time and that of its children are told apart", () => {
  expect(cpuByRole(tree, { agent: [10] })).toMatchObject({ agent: 50, child: 32, cloud: 0 });
});
