import { createMemoryHistory, createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { expect, test } from "vitest";
import { ownSearch } from "./own-search.ts";

const readState = ({ state }: Record<string, unknown>) => (typeof state === "string" ? { state } : {});

/** What the page at `/runs` is told of a search. */
function searchOf(given: Record<string, unknown>): unknown {
  const root = createRootRoute();
  const runs = createRoute({ getParentRoute: () => root, path: "/runs", validateSearch: ownSearch(readState) });
  const history = createMemoryHistory({ initialEntries: ["/runs"] });
  const router = createRouter({ routeTree: root.addChildren([runs]), history });
  return router.matchRoutes("/runs", given).at(-1)?.search;
}

test("what a page reads of its address is there", () => {
  expect(searchOf({ state: "Failed" })).toEqual({ state: "Failed" });
});

test("what it did not take is not, in whatever form it came", () => {
  expect(searchOf({ state: { a: 1 }, label: ["x"] })).toEqual({});
});
