import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { openRelay, type Relay, type RelayedQuestion } from "./relay.ts";
import { json, serve } from "./testing/serve.ts";

function relayTo(url: string): Relay {
  const relay = openRelay({ url, key: "weir_u_key" });
  onTestFinished(() => relay.close());
  return relay;
}

const question = (given: Partial<RelayedQuestion> = {}): RelayedQuestion => ({
  body: Buffer.from('{"query":"{ a }"}'),
  accept: "application/json",
  idempotencyKey: undefined,
  signal: new AbortController().signal,
  ...given,
});

test("a question goes to GraphQL as it came, with the key and nothing of the browser", async () => {
  const cloud = await serve((_request, response) => json(response, { data: { a: 1 } }));
  const reply = await relayTo(`${cloud.url}/weir/`).ask(question({ idempotencyKey: "once" }));
  expect([reply.status, reply.contentType]).toEqual([200, "application/json; charset=utf-8"]);
  expect(JSON.parse(await text(reply.body))).toEqual({ data: { a: 1 } });
  const [{ method, path, headers, body } = expect.unreachable()] = cloud.seen;
  expect([method, path, body]).toEqual(["POST", "/weir/graphql", '{"query":"{ a }"}']);
  expect(headers).toMatchObject({ authorization: "Bearer weir_u_key", "idempotency-key": "once" });
  expect(headers).not.toHaveProperty("origin");
});

test("a refusal of the cloud is passed on with how long to wait", async () => {
  const cloud = await serve((_request, response) => {
    response.writeHead(429, { "content-type": "application/json", "retry-after": "7" }).end('{"code":"RATE_LIMITED"}');
  });
  const { status, retryAfterSeconds, body } = await relayTo(cloud.url).ask(question());
  expect([status, retryAfterSeconds, await text(body)]).toEqual([429, 7, '{"code":"RATE_LIMITED"}']);
});

test("a stream comes piece by piece, and the cloud hears when nobody listens any more", async () => {
  const gone = Promise.withResolvers<void>();
  const cloud = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write("event: next\n\n");
    response.once("close", () => gone.resolve());
  });
  const page = new AbortController();
  const { body } = await relayTo(cloud.url).ask(question({ accept: "text/event-stream", signal: page.signal }));
  const pieces = body[Symbol.asyncIterator]();
  expect(String((await pieces.next()).value)).toBe("event: next\n\n");
  const [next, aborted] = [pieces.next(), once(page.signal, "abort")];
  page.abort();
  await aborted;
  await expect(next).rejects.toThrow();
  await gone.promise;
});

test("the key follows no redirect", async () => {
  const other = await serve((_request, response) => json(response, {}));
  const cloud = await serve((_request, response) => void response.writeHead(307, { location: other.url }).end());
  await expect(relayTo(cloud.url).ask(question())).rejects.toMatchObject({ code: "REDIRECTED" });
  expect(other.seen).toEqual([]);
});

test("a cloud that is not there is told as such", async () => {
  await expect(relayTo("http://127.0.0.1:9").ask(question())).rejects.toMatchObject({ code: "UNREACHABLE" });
});
