import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor } from "./run-door/testing/door-fixture.ts";

let door: DoorFixture;
beforeAll(async () => {
  // No process has less than a byte in use: this one is overloaded for as long as it lives, from its first measurement on.
  door = await startDoor({ overload: { eventLoopDelayMs: 60_000, heapBytes: 1 } });
});
afterAll(() => door.stop());

test("an overloaded cloud turns people and claims away, and lets runners and health in", async () => {
  const turnedAway = await eventually(async () => {
    const reply = await door.post("/v1/claims", "x", {});
    expect(reply.status).toBe(429);
    return reply;
  });
  expect(turnedAway.body).toMatchObject({ code: "OVERLOADED", retryAfterSeconds: 2 });
  expect(turnedAway.headers.get("retry-after")).toBe("2");
  expect((await door.post("/graphql", door.userKey, {})).status).toBe(429);
  const report = await door.post("/v1/runs/01890000-0000-7000-8000-000000000000/reports", "x", {});
  expect(report.body.code).toBe("UNAUTHENTICATED");
  expect((await fetch(`${door.cloud.url}/readyz`)).status).toBe(200);
});
