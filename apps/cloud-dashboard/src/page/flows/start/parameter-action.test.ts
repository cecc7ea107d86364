import { expect, test } from "vitest";
import { parameterAction, type ParameterRequests } from "./parameter-action.ts";

const asked = (more: Partial<ParameterRequests>) =>
  parameterAction({ flow: undefined, run: {}, alwaysSeals: false, beganSealed: false, ...more });

test("parameters are sent as they are only where nobody asks otherwise", () => {
  expect(asked({})).toBe("send");
  expect(asked({ flow: { log: "drop" }, run: { parameter: "send" } })).toBe("send");
});

test.each<[Partial<ParameterRequests>, string]>([
  [{ flow: { parameter: "seal" } }, "seal"],
  [{ run: { parameter: "seal" } }, "seal"],
  [{ alwaysSeals: true }, "seal"],
  [{ beganSealed: true }, "seal"],
  [{ flow: { parameter: "send" }, run: {}, alwaysSeals: true }, "seal"],
  [{ flow: { parameter: "drop" }, run: { parameter: "seal" }, alwaysSeals: true }, "drop"],
  [{ run: { parameter: "drop" }, flow: { parameter: "seal" } }, "drop"],
])("%j: the strictest is done", (more, action) => {
  expect(asked(more)).toBe(action);
});

test("an action that this page does not know is the strictest", () => {
  expect(asked({ flow: { parameter: "vanish" as "drop" } })).not.toBe("send");
});
