import { execFileSync } from "node:child_process";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { heapBytesMost } from "./overload.ts";
import { type DoorFixture, startDoor } from "./run-door/testing/door-fixture.ts";

let door: DoorFixture;
beforeAll(async () => {
  // No process has less than a byte in use: this one is overloaded for as long as it lives, from its first measurement on.
  door = await startDoor({ overload: { eventLoopDelayMs: 60_000, heapBytes: 1 } });
});
afterAll(() => door.stop());

test("a process turns requests away before V8 would abort it, and never later than at a gigabyte", () => {
  expect(heapBytesMost(600 * 1024 ** 2)).toBe(480 * 1024 ** 2);
  expect(heapBytesMost(4 * 1024 ** 3)).toBe(1024 ** 3);
});

test("the default is of the heap that its own process may have", () => {
  const print = `import { CLOUD_DEFAULTS } from "./config.ts"; console.log(CLOUD_DEFAULTS.overload.heapBytes / 1024 ** 2)`;
  const options = ["--max-old-space-size=200", "--max-semi-space-size=16", "--input-type=module", "--eval", print];
  const printed = execFileSync(process.execPath, options, { cwd: import.meta.dirname, encoding: "utf8" });
  // Four fifths of 200 MiB and of what young objects have.
  expect(Number(printed)).toBeGreaterThanOrEqual(160);
  expect(Number(printed)).toBeLessThan(230);
});

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
