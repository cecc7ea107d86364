import { expect, test } from "vitest";
import { chosenTasks, countStates } from "./run-tasks-list.ts";
import { taskRow } from "./testing/task-row.ts";

const NOW = Date.UTC(2026, 0, 1, 0, 1);
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const TASKS = [
  taskRow({ number: 1, task: "parse", mapIndex: 10, startedAt: at(5), endedAt: at(9), tryNumber: 2 }),
  taskRow({ number: 2, task: "parse", mapIndex: 9, startedAt: at(6), endedAt: at(7), state: "Failed" }),
  taskRow({ number: 3, task: "Load", key: "Patients", startedAt: at(4), state: "Running" }),
  taskRow({ number: 4, task: "send", tags: ["mail"], state: "Pending", tryNumber: 0 }),
];
const numbers = (search: Parameters<typeof chosenTasks>[1]) =>
  chosenTasks(TASKS, search, NOW).map(({ number }) => number);

test.each([
  [{ state: ["Failed", "Running"] }, [2, 3]],
  [{ task: "PARSE" }, [1, 2]],
  [{ task: "patients" }, [3]],
  [{ task: "mail" }, [4]],
  [{ task: "parse", state: ["Failed"] }, [2]],
  [{ task: "nothing" }, []],
] as const)("the address %j finds %j", (search, found) => {
  expect(numbers(search)).toEqual(found);
});

test.each([
  [{}, [1, 2, 3, 4]],
  [{ desc: true }, [4, 3, 2, 1]],
  [{ by: "task" }, [3, 2, 1, 4]],
  [{ by: "state" }, [4, 3, 1, 2]],
  [{ by: "started" }, [3, 1, 2, 4]],
  [{ by: "duration", desc: true }, [3, 1, 2, 4]],
  [{ by: "tries", desc: true }, [1, 2, 3, 4]],
] as const)("in the order %j they are %j", (search, order) => {
  expect(numbers(search)).toEqual(order);
});

test("states are counted in the order of the table", () => {
  expect(countStates(TASKS)).toEqual([
    ["Pending", 1],
    ["Running", 1],
    ["Success", 1],
    ["Failed", 1],
  ]);
});
