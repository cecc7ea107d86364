import { expect, test } from "vitest";
import { crashFailure, type Exit } from "./crash.ts";

const crash = (exit: Partial<Exit>, stderr = "") => crashFailure({ code: null, signal: null, ...exit }, stderr);

test("exit codes and signals are told apart", () => {
  expect(crash({ code: 0 })).toMatchObject({
    code: "PROCESS_EXITED",
    message: expect.stringContaining("exit code 0") as string,
  });
  expect(crash({ code: 3 }).message).toContain("exit code 3");
  expect(crash({ signal: "SIGSEGV" })).toMatchObject({
    code: "PROCESS_KILLED",
    message: expect.stringContaining("SIGSEGV") as string,
  });
  expect(crash({ signal: "SIGKILL" }).message).toContain("out-of-memory killer");
  expect(crash({ error: "spawn EAGAIN" }).message).toContain("could not be started: spawn EAGAIN");
});

test("a full heap is told by what V8 says, not by words that a flow may print", () => {
  const words = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";
  expect(crash({ signal: "SIGABRT" }, words).code).toBe("OUT_OF_MEMORY");
  expect(crash({ code: 134 }, words).code).toBe("OUT_OF_MEMORY");
  expect(crash({ code: 1 }, words).code).toBe("PROCESS_EXITED");
  expect(crash({ signal: "SIGABRT" }, "").code).toBe("PROCESS_KILLED");
});

test("the message of the error that ended it is found in what it wrote", () => {
  const stderr = "file:///flow.ts:3\n  throw x;\n\nRangeError: out of cheese\n    at main (flow.ts:3)\n\nNode.js v26\n";
  expect(crash({ code: 1 }, stderr).message).toContain("Its last words: RangeError: out of cheese");
  expect(crash({ code: 1 }, "nothing of use").message).not.toContain("last words");
});
