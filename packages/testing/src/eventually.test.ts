import { expect, test } from "vitest";
import { eventually } from "./eventually.ts";

test("asks until the check neither throws nor answers false, and gives the answer", async () => {
  const answers = [() => Promise.reject(new Error("not yet")), () => false as const, () => "there"];
  expect(await eventually(() => answers.shift()?.(), { everyMs: 1 })).toBe("there");
});

test("throws what the check threw last when the time is over", async () => {
  await expect(eventually(() => expect(1).toBe(2), { timeoutMs: 5, everyMs: 1 })).rejects.toThrow("expected 1 to be 2");
  await expect(eventually(() => false, { timeoutMs: 5, everyMs: 1 })).rejects.toThrow("Not so within 5 ms");
});
