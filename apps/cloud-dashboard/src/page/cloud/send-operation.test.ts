import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Operation } from "./operation.ts";

const VIEWER: Operation<object, object> = { name: "Viewer", kind: "query", id: "an id", text: "query Viewer { a }" };
const HOW = { headers: { "content-type": "application/json" } };

const sent: object[] = [];
let answer: (body: { readonly query?: string }) => Response;

beforeEach(() => {
  sent.length = 0;
  vi.stubEnv("DEV", false);
  vi.resetModules();
  vi.stubGlobal("fetch", async (_url: string, { body }: { body: string }) => {
    const parsed = JSON.parse(body) as { query?: string };
    sent.push(parsed);
    return answer(parsed);
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const byId = { extensions: { operationId: "an id" }, variables: { a: 1 }, operationName: "Viewer" };
const byText = { query: "query Viewer { a }", variables: { a: 1 }, operationName: "Viewer" };
const known = () => Response.json({ data: {} });
const refusing = (code: string, status: number) => () => Response.json({ code, message: "" }, { status });

async function sender() {
  const { sendOperation } = await import("./send-operation.ts");
  return async () => await (await sendOperation(VIEWER, { a: 1 }, HOW)).json();
}

test("an operation is sent by its id alone", async () => {
  answer = known;
  expect(await (await sender())()).toEqual({ data: {} });
  expect(sent).toEqual([byId]);
});

test("a cloud that is older than the page is sent the text, and is not asked by id again", async () => {
  answer = ({ query }) => (query === undefined ? refusing("OPERATION_UNKNOWN", 404)() : known());
  const send = await sender();
  expect(await send()).toEqual({ data: {} });
  expect(await send()).toEqual({ data: {} });
  expect(sent).toEqual([byId, byText, byText]);
});

test.each([
  ["NOT_FOUND", 404],
  ["FORBIDDEN", 403],
])("any other refusal is the answer: %s", async (code, status) => {
  answer = refusing(code, status);
  expect(await (await sender())()).toMatchObject({ code });
  expect(sent).toEqual([byId]);
});
