import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { compared, keyOf } from "./ledger-check.ts";

const body = (text: string): Buffer => Buffer.from(text);
const keys = (...texts: string[]): Set<string> =>
  new Set(texts.map((text) => keyOf(createHash("sha256").update(text).digest("hex"), text.length)));

test("what was recorded stands in the ledger, byte by byte, and what stands there was recorded", () => {
  expect(compared(keys("one", "two"), [body("one"), body("two"), body("one")])).toBe(null);
  expect(compared(keys("one"), [body("one"), body("twO")])).toContain("1 of 2 messages of the agent do not stand");
  expect(compared(keys("one", "a", "b", "c", "d", "e"), [body("one")])).toContain("5 of 6 messages that stand in");
  expect(compared(new Set(["0 3"]), [body("one")])).toContain("do not stand");
});

test("a ledger beside which nothing was sent shows nothing", () => {
  expect(compared(new Set(), [])).toBe("The agent sent nothing, so its ledger shows nothing.");
});

test("what an agent that is killed wrote down and could not send any more is no fault", () => {
  expect(compared(keys("one", "cut off"), [body("one")])).toBe(null);
});
