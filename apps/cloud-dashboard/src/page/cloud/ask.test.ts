import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ask } from "./ask.ts";
import type { Operation } from "./operation.ts";

const RUN: Operation<{ readonly flowRun: object | null }, object> = {
  name: "Run",
  kind: "query",
  id: "",
  text: "query Run",
};
const DENIED = { message: "This key lacks flow:read.", extensions: { code: "FORBIDDEN" } };

beforeEach(() => vi.stubGlobal("sessionStorage", { getItem: () => "weir_u_k" }));
afterEach(() => vi.unstubAllGlobals());

function asked(answer: object) {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(answer)));
  return ask(RUN, {});
}

test("what is not there is no refusal, and neither is an answer that lacks a part", async () => {
  expect(await asked({ data: { flowRun: null } })).toEqual({ flowRun: null });
  expect(await asked({ data: { flowRun: { logs: null } }, errors: [DENIED] })).toEqual({ flowRun: { logs: null } });
});

test.each([{ data: { flowRun: null }, errors: [DENIED] }, { data: null, errors: [DENIED] }, { errors: [DENIED] }])(
  "where nothing is left of an answer, its refusal is told: %j",
  async (answer) => {
    await expect(asked(answer)).rejects.toMatchObject({ code: "FORBIDDEN", message: DENIED.message });
  },
);
