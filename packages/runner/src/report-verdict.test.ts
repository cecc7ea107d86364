import { ConnectionError } from "@weir/client";
import { GateError } from "@weir/gate";
import { Refusal } from "@weir/protocol";
import { expect, test } from "vitest";
import { verdictOn } from "./report-verdict.ts";

test("what passes by itself is sent again", () => {
  const passing = [
    new ConnectionError("UNREACHABLE", ""),
    new ConnectionError("TIMED_OUT", ""),
    new ConnectionError("NOT_WEIR", "", { status: 502 }),
    new ConnectionError("REPLY_INVALID", ""),
    new Refusal("OVERLOADED", ""),
    new Refusal("DATABASE_UNAVAILABLE", ""),
    new Refusal("INTERNAL", ""),
    new GateError("LEDGER_FAILED", ""),
  ];
  for (const error of passing) expect(verdictOn(error)).toEqual({ do: "retry" });
});

test("a gap rewinds, too large a report shrinks", () => {
  expect(verdictOn(new Refusal("EVENT_GAP", "", { expected: 7 }))).toEqual({ do: "rewind", expected: 7 });
  expect(verdictOn(new Refusal("TOO_LARGE", ""))).toEqual({ do: "shrink" });
  expect(verdictOn(new ConnectionError("NOT_WEIR", "", { status: 413 }))).toEqual({ do: "shrink" });
});

test("a run that is not ours any more, and a report that nobody will ever take, are given up with the reason", () => {
  for (const code of ["STALE_ATTEMPT", "CONFLICT", "NOT_FOUND", "UNAUTHENTICATED", "AGENT_TOO_OLD", "INVALID"] as const)
    expect(verdictOn(new Refusal(code, "because"))).toEqual({ do: "give up", reason: `${code}: because` });
  expect(verdictOn(new GateError("INVALID", "because"))).toEqual({ do: "give up", reason: "because" });
});
