import { expect, test } from "vitest";
import { askedBecause } from "./asked-because.ts";

test("everybody who asks is named", () => {
  const all = {
    flow: { parameter: "drop" },
    run: { parameter: "seal" },
    alwaysSeals: true,
    beganSealed: true,
  } as const;
  expect(askedBecause(all).split(", and ")).toHaveLength(4);
  expect(askedBecause({ flow: { parameter: "send" }, run: {}, alwaysSeals: false, beganSealed: false })).toBe("");
});
