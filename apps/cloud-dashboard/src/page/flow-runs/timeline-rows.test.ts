import { expect, test } from "vitest";
import { taskRow } from "./testing/task-row.ts";
import { familyOf, rowsOf, stateOfBelow } from "./timeline-rows.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** 1; 2 mapped over 3, 4 and 6; 5 a subflow of 7. */
const RUN = familyOf([
  taskRow({ number: 1 }),
  taskRow({ number: 2, mapCount: 3, state: "Mapped" }),
  taskRow({ number: 3, parent: 2, mapIndex: 0, startedAt: at(4), endedAt: at(9) }),
  taskRow({ number: 4, parent: 2, mapIndex: 1, startedAt: at(2), endedAt: at(5), state: "Failed" }),
  taskRow({ number: 5 }),
  taskRow({ number: 6, parent: 2, mapIndex: 2, startedAt: at(3), state: "Running" }),
  taskRow({ number: 7, parent: 5 }),
]);

const read = (turned: number[]) =>
  rowsOf(RUN, new Set(turned)).map(({ taskRun, depth }) => "·".repeat(depth) + taskRun.number);

test("children of a map are one line, task runs of a subflow stand open below theirs", () => {
  expect(read([])).toEqual(["1", "2", "5", "·7"]);
});

test("a line that is opened is followed by its children, one that is folded is not", () => {
  expect(read([2, 5])).toEqual(["1", "2", "·3", "·4", "·6", "5"]);
});

test("a folded line says how what is below it stands, and from when to when it was", () => {
  const [, mapped] = rowsOf(RUN, new Set());
  expect(mapped?.below).toEqual({
    count: 3,
    byState: new Map([
      ["Success", 1],
      ["Failed", 1],
      ["Running", 1],
    ]),
    from: at(2),
    to: null,
  });
});

test.each([
  [["Success", "Failed", "Running"], "Failed"],
  [["Success", "Pending", "Running"], "Running"],
  [["Success", "Pending"], "Pending"],
  [["Cached"], "Cached"],
] as const)("of %j it is %s that matters", (states, all) => {
  const children = states.map((state, index) => taskRow({ number: index + 2, parent: 1, state }));
  const [row] = rowsOf(familyOf([taskRow({ number: 1, mapCount: 9 }), ...children]), new Set());
  expect(row?.below && stateOfBelow(row.below)).toBe(all);
});
