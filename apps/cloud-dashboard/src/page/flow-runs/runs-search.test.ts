import { expect, test } from "vitest";
import { filterOf } from "./runs-filter.ts";
import { readRunsSearch, type RunsSearch } from "./runs-search.ts";

const now = Date.parse("2026-07-15T21:30:00Z");

test("lists come as lists, or with commas; what is not understood is left out", () => {
  expect(readRunsSearch({ state: ["Failed", "Gone", 7], label: "gpu, eu,,gpu" })).toEqual({
    state: ["Failed"],
    label: ["gpu", "eu"],
  });
  const odd = { state: {}, name: ["x"], late: "yes", since: "4 weeks", from: "then", time: "created", other: 1 };
  expect(readRunsSearch(odd)).toEqual({});
});

test("a name that reads as a number is a name", () => {
  expect(readRunsSearch({ flow: 42, project: true, name: "" })).toEqual({ flow: "42", project: "true" });
});

test("a span of time takes the place of moments", () => {
  const moments = { from: "2026-07-01T00:00:00+02:00", to: "2026-07-02" };
  expect(readRunsSearch(moments)).toEqual({ from: "2026-06-30T22:00:00.000Z", to: "2026-07-02T00:00:00.000Z" });
  expect(readRunsSearch({ ...moments, since: "7d", time: "ended" })).toEqual({ since: "7d", time: "ended" });
});

test.each<[RunsSearch, object]>([
  [{}, {}],
  [
    { state: ["Failed"], since: "24h", time: "ended" },
    { state: ["Failed"], endedAfter: "2026-07-14T21:30:00.000Z" },
  ],
  [{ since: "today" }, { createdAfter: "2026-07-15T15:00:00.000Z" }],
  [
    { from: "2026-07-01T00:00:00.000Z", to: "2026-07-02T00:00:00.000Z", time: "started" },
    { startedAfter: "2026-07-01T00:00:00.000Z", startedBefore: "2026-07-02T00:00:00.000Z" },
  ],
  [
    { label: ["gpu"], name: "night", parameters: false, late: true, flow: "f", agent: "mill" },
    { labels: ["gpu"], nameContains: "night", hasParameters: false, isLate: true, flow: "f", agent: "mill" },
  ],
])("%j asks the cloud for %j", (search, filter) => {
  expect(filterOf(search, { now, zone: "Asia/Tokyo" })).toEqual(filter);
});
