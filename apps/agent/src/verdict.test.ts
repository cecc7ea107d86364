import { ConnectionError } from "@weir/client";
import { Refusal, REFUSALS, type RefusalCode } from "@weir/protocol";
import { expect, test } from "vitest";
import { verdictOf } from "./verdict.ts";

const ENDS: Partial<Record<RefusalCode, number>> = {
  UNAUTHENTICATED: 3,
  KEY_EXPIRED: 3,
  KEY_REVOKED: 3,
  FORBIDDEN: 3,
  AGENT_TOO_OLD: 1,
};

test.for(Object.keys(REFUSALS) as RefusalCode[])(
  "an agent that was reached before ends at %s only when a person must act",
  (code) => {
    const verdict = verdictOf(new Refusal(code, "No."), true);
    if (code === "SESSION_EXPIRED") expect(verdict).toEqual({ do: "enrol" });
    else if (ENDS[code] === undefined) expect(verdict).toEqual({ do: "retry" });
    else expect(verdict).toMatchObject({ do: "give-up", because: { exitCode: ENDS[code] } });
  },
);

test("an error that time does not mend ends an agent at its start, and not later", () => {
  const redirected = new ConnectionError("REDIRECTED", "It leads elsewhere.");
  expect(verdictOf(redirected, false)).toMatchObject({
    do: "give-up",
    because: { exitCode: 1, message: "It leads elsewhere." },
  });
  expect(verdictOf(redirected, true)).toEqual({ do: "retry" });
});

test("a cloud that is away is waited for, at the start too", () => {
  expect(verdictOf(new ConnectionError("UNREACHABLE", "Away."), false)).toEqual({ do: "retry" });
});
