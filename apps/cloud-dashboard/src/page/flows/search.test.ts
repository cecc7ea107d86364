import { expect, test } from "vitest";
import { readFlowsSearch } from "./flows-search.ts";
import { readStartSearch } from "./start-search.ts";
import { readVersionSearch } from "./version-search.ts";

test("what an address says is read, also where the router made a number of it, and the rest is left out", () => {
  expect(readFlowsSearch({ project: 2026, name: "a b", after: "", more: 1 })).toEqual({ project: "2026", name: "a b" });
  expect(readFlowsSearch({ project: { a: 1 }, name: ["x"], after: null })).toEqual({});
  expect([readVersionSearch({ with: 3 }), readVersionSearch({ with: "4" })]).toEqual([{ with: 3 }, { with: 4 }]);
  for (const wrong of [0, -1, 1.5, "x", null, 1e300, Number.NaN])
    expect(readVersionSearch({ with: wrong })).toEqual({});
  expect(readStartSearch({ from: "a", as: "json" })).toEqual({ from: "a", as: "json" });
  expect(readStartSearch({ as: "script" })).toEqual({});
});
