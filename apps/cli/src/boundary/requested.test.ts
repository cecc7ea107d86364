import { expect, test } from "vitest";
import { requestedBoundary } from "./requested.ts";

test("what is asked for a run is an action for each class that is named", () => {
  expect(requestedBoundary(["log=drop", "exception=id-only", "log=drop"])).toEqual({
    log: "drop",
    exception: "id-only",
  });
  expect(requestedBoundary([])).toBeUndefined();
});

test.each([
  ["logs=drop", "parameter, log, exception, location, run-name, artifact, config"],
  ["log", "log=send, log=redact, log=seal, log=drop"],
  ["log=shout", "log=send, log=redact, log=seal, log=drop"],
  ["log=drop=all", "parameter, log"],
  ["metadata=send", "parameter, log"],
  ["digest=pseudonym", "parameter, log"],
  ["__proto__=drop", "parameter, log"],
])("%s is refused with what there is", (text, choices) => {
  expect(() => requestedBoundary([text])).toThrow(choices);
});

test("two actions for one class are refused: nobody should have to know which wins", () => {
  expect(() => requestedBoundary(["log=drop", "log=seal"])).toThrow("drop was asked before");
});
