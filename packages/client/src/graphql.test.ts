import { markPassed } from "@weir/protocol";
import type { ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { createClient, type CloudClient } from "./client.ts";
import { askedToWaitSeconds, isRetryable } from "./retryable.ts";
import { json, serve } from "./testing/serve.ts";

function clientOf(url: string): CloudClient {
  const client = createClient({ url });
  onTestFinished(() => client.close());
  return client;
}

const question = markPassed("graphql", '{"operationName":"Viewer","query":"{viewer{scope}}","variables":{}}');

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
}

function stream(response: ServerResponse, ...pieces: string[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of pieces) response.write(piece);
  response.end();
}

test("data of a GraphQL answer is given, its errors are thrown with their sentences", async () => {
  let answer: unknown = { data: { viewer: { scope: "user" } } };
  const cloud = await serve((_request, response) => json(response, answer));
  const client = clientOf(cloud.url);
  expect(await client.graphql(question, { token: "t" })).toEqual({ viewer: { scope: "user" } });
  answer = { data: null, errors: [{ message: "No field x." }, { message: "No field y." }] };
  await expect(client.graphql(question, { token: "t" })).rejects.toMatchObject({
    name: "GraphqlError",
    messages: ["No field x.", "No field y."],
  });
  answer = {};
  await expect(client.graphql(question, { token: "t" })).rejects.toMatchObject({ code: "REPLY_INVALID" });
});

test("fields that may not be seen are null where that is wished, and nothing else is let pass", async () => {
  const forbidden = (...path: string[]) => ({ message: "no", path, extensions: { code: "FORBIDDEN" } });
  let answer: unknown;
  const cloud = await serve((_request, response) => json(response, answer));
  const client = clientOf(cloud.url);
  const ask = (withheldAsNull: boolean) => client.graphql(question, { token: "t", withheldAsNull });
  answer = { data: { run: { state: "Success", parameters: null } }, errors: [forbidden("run", "parameters")] };
  expect(await ask(true)).toEqual({ run: { state: "Success", parameters: null } });
  await expect(ask(false)).rejects.toMatchObject({ code: "FORBIDDEN" });
  for (const errors of [
    [forbidden("run")],
    [forbidden("run", "parameters"), { message: "lost", path: ["run", "logs"], extensions: { code: "INTERNAL" } }],
    [{ message: "no", extensions: { code: "FORBIDDEN" } }],
  ]) {
    answer = { data: { run: null }, errors };
    await expect(ask(true)).rejects.toMatchObject({ name: "Refusal" });
  }
  answer = { data: null, errors: [forbidden("run", "parameters")] };
  await expect(ask(true)).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("a mutation's idempotency key travels in the header, the same for every try", async () => {
  const heard: unknown[] = [];
  const cloud = await serve((request, response) => {
    heard.push(request.headers["idempotency-key"]);
    json(response, { data: {} });
  });
  const client = clientOf(cloud.url);
  for (const idempotencyKey of ["k", "k", undefined])
    await client.graphql(question, { token: "t", ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
  expect(heard).toEqual(["k", "k", undefined]);
});

test("a refusal inside GraphQL is the same refusal as on the run door", async () => {
  const errors = [{ message: "This key was revoked.", extensions: { code: "KEY_REVOKED" } }];
  const cloud = await serve((_request, response) => json(response, { errors }));
  await expect(clientOf(cloud.url).graphql(question, { token: "t" })).rejects.toMatchObject({
    name: "Refusal",
    code: "KEY_REVOKED",
    message: "This key was revoked.",
  });
});

test("a refusal inside GraphQL that has a status of its own is one too, with the time to wait", async () => {
  const extensions = { code: "RATE_LIMITED", retryAfterSeconds: 7 };
  const cloud = await serve((_request, response) => {
    response.writeHead(429, { "content-type": "application/json", "retry-after": "7" });
    response.end(JSON.stringify({ errors: [{ message: "This key asked for more than is allowed.", extensions }] }));
  });
  const error = await clientOf(cloud.url)
    .graphql(question, { token: "t" })
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "Refusal", code: "RATE_LIMITED", retryAfterSeconds: 7 });
  expect([isRetryable(error), askedToWaitSeconds(error)]).toEqual([true, 7]);
});

test("a subscription gives each message until the cloud completes it", async () => {
  const cloud = await serve((_request, response) =>
    stream(
      response,
      ':\n\nevent: next\ndata: {"data":{"n":1}}\n\nevent: ne',
      'xt\ndata: {"data":{"n":2}}\n\nevent: complete\ndata:\n\n',
    ),
  );
  expect(await collect(clientOf(cloud.url).subscribe(question, { token: "t" }))).toEqual([{ n: 1 }, { n: 2 }]);
  expect(cloud.seen[0]?.headers.accept).toBe("text/event-stream");
});

test("a stream that ends too early is told, so that the caller comes back", async () => {
  const cloud = await serve((_request, response) => stream(response, 'event: next\ndata: {"data":{"n":1}}\n\n'));
  await expect(collect(clientOf(cloud.url).subscribe(question, { token: "t" }))).rejects.toMatchObject({
    code: "UNREACHABLE",
  });
});

test("a refusal instead of a stream is thrown", async () => {
  const cloud = await serve((_request, response) =>
    json(response, { code: "UNAUTHENTICATED", message: "Give a key." }, 401),
  );
  await expect(collect(clientOf(cloud.url).subscribe(question, { token: "t" }))).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
});

test("leaving a subscription's loop closes its connection", async () => {
  let closed = false;
  const cloud = await serve((_request, response) => {
    response.on("close", () => {
      closed = true;
    });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('event: next\ndata: {"data":{"n":1}}\n\n');
  });
  for await (const _message of clientOf(cloud.url).subscribe(question, { token: "t" })) break;
  await expect.poll(() => closed).toBe(true);
});
