import { makeId, markPassed, Refusal } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { createClient, type ClientOptions, type CloudClient } from "./client.ts";
import type { ConnectionError } from "./connection-error.ts";
import { json, serve } from "./testing/serve.ts";

function clientOf(o: ClientOptions): CloudClient {
  const client = createClient(o);
  onTestFinished(() => client.close());
  return client;
}

const runId = makeId();
const report = markPassed("report", '{"attempt":1,"first":1,"events":[]}');
const good = { accepted: 0, orders: [], refused: [], leaseSeconds: 45 };

async function failure(promise: Promise<unknown>): Promise<ConnectionError> {
  return promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error as ConnectionError,
  );
}

test("a message goes out as the gate wrote it, with token and version, to the run's path", async () => {
  const cloud = await serve((_request, response) => json(response, good));
  const reply = await clientOf({ url: cloud.url }).send(report, { token: "secret-token", runId });
  expect(reply).toEqual(good);
  const [seen] = cloud.seen;
  expect(seen?.path).toBe(`/v1/runs/${runId}/reports`);
  expect(seen?.method).toBe("POST");
  expect(seen?.body).toBe(report.body);
  expect(seen?.headers).toMatchObject({ authorization: "Bearer secret-token", "weir-api-version": "1" });
  expect(seen?.headers["content-type"]).toBe("application/json");
});

test("a path in front of the cloud's own paths is kept", async () => {
  const cloud = await serve((_request, response) => json(response, good));
  await clientOf({ url: `${cloud.url}/weir/` }).send(report, { token: "t", runId });
  expect(cloud.seen[0]?.path).toBe(`/weir/v1/runs/${runId}/reports`);
});

test("something that is no run id never becomes part of a path", async () => {
  const client = clientOf({ url: "http://127.0.0.1:9" });
  await expect(client.send(report, { token: "t", runId: "../../graphql" })).rejects.toThrow(/needs the id of a run/);
});

test("the cloud's refusal is thrown as such, with its details", async () => {
  const body = { code: "EVENT_GAP", message: "Event 4 is missing.", expected: 4 };
  const cloud = await serve((_request, response) => json(response, body, 409));
  const error = await failure(clientOf({ url: cloud.url }).send(report, { token: "t", runId }));
  expect(error).toBeInstanceOf(Refusal);
  expect(error).toMatchObject({ code: "EVENT_GAP", expected: 4, message: "Event 4 is missing." });
});

test("a proxy's HTML page is told as such: URL, status, type and what to check", async () => {
  const cloud = await serve((_request, response) => {
    response.writeHead(502, { "content-type": "text/html", "retry-after": "7" }).end("<html>Bad gateway</html>");
  });
  const error = await failure(clientOf({ url: cloud.url }).send(report, { token: "t", runId }));
  expect(error).toMatchObject({ code: "NOT_WEIR", status: 502, retryAfterSeconds: 7 });
  for (const part of [cloud.url, "502", "text/html", "HTTPS_PROXY"]) expect(error.message).toContain(part);
  expect(error.message).not.toContain("Bad gateway");
});

test("a page with status 200 and a lying content type is not taken for an answer", async () => {
  const cloud = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end("<!DOCTYPE html><p>Please log in");
  });
  expect(await failure(clientOf({ url: cloud.url }).send(report, { token: "t", runId }))).toMatchObject({
    code: "NOT_WEIR",
  });
});

test("JSON that is cut off, and JSON of somebody else, are no answers", async () => {
  let body = '{"accepted": 1';
  let status = 200;
  const cloud = await serve((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  const client = clientOf({ url: cloud.url });
  expect((await failure(client.send(report, { token: "t", runId }))).message).toContain("cut off");
  [status, body] = [503, '{"message":"upstream"}'];
  expect(await failure(client.send(report, { token: "t", runId }))).toMatchObject({ code: "NOT_WEIR", status: 503 });
});

test("a reply that does not fit its schema names the field; one with more fields loses them", async () => {
  let body: object = { ...good, accepted: "many" };
  const cloud = await serve((_request, response) => json(response, body));
  const client = clientOf({ url: cloud.url });
  const error = await failure(client.send(report, { token: "t", runId }));
  expect(error).toMatchObject({ code: "REPLY_INVALID" });
  expect(error.message).toContain("/accepted");
  body = { ...good, weather: "fine" };
  expect(await client.send(report, { token: "t", runId })).toEqual(good);
});

test("a redirect is not followed, because the token would go with it", async () => {
  const thief = await serve((_request, response) => json(response, good));
  const cloud = await serve((_request, response) => {
    response.writeHead(307, { location: `${thief.url}/v1` }).end();
  });
  const error = await failure(clientOf({ url: cloud.url }).send(report, { token: "t", runId }));
  expect(error).toMatchObject({ code: "REDIRECTED" });
  expect(error.message).toContain(thief.url);
  expect(thief.seen).toEqual([]);
});

test("an answer larger than allowed is not read to its end", async () => {
  const cloud = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify("x".repeat(5_000)));
  });
  const client = clientOf({ url: cloud.url, maxReplyBytes: 1_000 });
  expect(await failure(client.send(report, { token: "t", runId }))).toMatchObject({ code: "REPLY_TOO_LARGE" });
});

test("nobody there, too slow, and given up are three different things", async () => {
  const closed = clientOf({ url: "http://127.0.0.1:1" });
  const unreachable = await failure(closed.send(report, { token: "very-secret", runId }));
  expect(unreachable).toMatchObject({ code: "UNREACHABLE" });
  expect(unreachable.message).toContain("ECONNREFUSED");
  expect(unreachable.message).not.toContain("very-secret");
  const silent = clientOf({ url: (await serve(() => {})).url });
  expect(await failure(silent.send(report, { token: "t", runId, timeoutMs: 50 }))).toMatchObject({ code: "TIMED_OUT" });
  const stop = new AbortController();
  const asked = failure(silent.send(report, { token: "t", runId, signal: stop.signal }));
  stop.abort();
  expect(await asked).toMatchObject({ code: "ABORTED" });
});

test("close ends a long-poll at once", async () => {
  const cloud = await serve(() => {});
  const client = createClient({ url: cloud.url });
  const asked = failure(client.send(report, { token: "t", runId }));
  await expect.poll(() => cloud.seen.length).toBe(1);
  await client.close();
  expect(await asked).toMatchObject({ code: "UNREACHABLE" });
});

test("a URL that is none is told at once, without its password", () => {
  expect(() => createClient({ url: "weir.example.com" })).toThrow(/no URL of a cloud/);
  expect(() => createClient({ url: "https://me:hunter2@weir.example.com" })).toThrow(/user or a password/);
  expect(() => createClient({ url: "https://me:hunter2@weir.example.com" })).not.toThrow(/hunter2/);
});

test("a reply is read no further than its message can need; a refusal's message is cut", async () => {
  const cloud = await serve((_, response) => {
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(`{"accepted":1,"x":"${"x".repeat(5_000_000)}"}`);
  });
  expect(await failure(clientOf(cloud).send(report, { token: "t", runId }))).toMatchObject({ code: "REPLY_TOO_LARGE" });
  const talkative = await serve((_, response) => {
    const body = JSON.stringify({ code: "OVERLOADED", message: "x".repeat(100_000) });
    response.writeHead(503, { "content-type": "application/json" }).end(body);
  });
  const refused = await failure(clientOf(talkative).send(report, { token: "t", runId }));
  expect(refused.message.length).toBeLessThan(20_000);
});
