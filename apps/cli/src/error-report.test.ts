import { ConnectionError, GraphqlError } from "@weir/client";
import { Refusal, REFUSALS, type RefusalCode } from "@weir/protocol";
import { expect, test } from "vitest";
import { CliError } from "./cli-error.ts";
import { reportOf } from "./error-report.ts";
import { EXIT } from "./exit-codes.ts";

test.for(Object.keys(REFUSALS) as RefusalCode[])("the refusal %s has an exit code of its status' kind", (code) => {
  const { exitCode } = reportOf(new Refusal(code, "No."));
  const kinds: Record<number, number> = {
    401: EXIT.auth,
    403: EXIT.auth,
    404: EXIT.notFound,
    409: EXIT.conflict,
    426: EXIT.conflict,
    429: EXIT.network,
  };
  const { status } = REFUSALS[code];
  expect(exitCode).toBe(kinds[status] ?? (status >= 500 ? EXIT.network : EXIT.usage));
});

test("errors are told by their sentence, never by a stack", () => {
  expect(reportOf(new ConnectionError("UNREACHABLE", "Away."))).toEqual({
    code: "UNREACHABLE",
    message: "Away.",
    exitCode: 5,
  });
  expect(reportOf(new CliError(EXIT.conflict, "X", "Busy."))).toEqual({ code: "X", message: "Busy.", exitCode: 6 });
  expect(reportOf(new GraphqlError(["Cannot query"])).exitCode).toBe(1);
  expect(reportOf(new TypeError("x is not a function")).message).toMatch(
    /^Something that should not happen: x is not a function\. Set WEIR_DEBUG=1/,
  );
});
