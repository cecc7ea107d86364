import { expect, test } from "vitest";
import { knownOf, newAgents } from "./new-agents.ts";

const agent = (id: string, online: boolean) => ({ id, online, lastSeenAt: "2026-01-01T00:00:00Z" });

test("who has come is new, or was silent; who was there is not waited for, and who is silent has not come", () => {
  const known = knownOf([agent("there", true), agent("was silent", false), agent("still silent", false)]);
  const now = ["there", "was silent", "new"].map((id) => agent(id, true));
  expect(
    newAgents([...now, agent("still silent", false), agent("gone at once", false)], known).map(({ id }) => id),
  ).toEqual(["was silent", "new"]);
});

test("the first agent of all is new", () => {
  expect(newAgents([agent("a", true)], knownOf([]))).toHaveLength(1);
});
