import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { ConnectionError, type Relay, type RelayedReply } from "@weir/client";
import { expect, onTestFinished, test } from "vitest";
import { startPageServer } from "./page-server.ts";
import type { ServedPage } from "./served-page.ts";

const SECRET = "weir_p_secret";
const POLICY = "default-src 'none'";

const page: ServedPage = {
  policy: POLICY,
  at: (path) => (path === "/runs" ? { type: "text/html", body: Buffer.from("<p>"), isForEver: false } : null),
};

interface Asked {
  readonly body: string;
  readonly accept: string;
  readonly idempotencyKey: string | undefined;
  readonly signal: AbortSignal;
}

async function serve(answer: () => Promise<RelayedReply>) {
  const asked: Asked[] = [];
  const relay: Relay = {
    url: "http://cloud.example",
    ask: ({ body, ...rest }) => {
      asked.push({ body: body.toString(), ...rest });
      return answer();
    },
    close: async () => {},
  };
  const server = await startPageServer(page, relay, { port: 0, secret: SECRET });
  onTestFinished(() => server.close());
  const host = `127.0.0.1:${server.port}`;
  const own = { host, origin: `http://${host}`, "content-type": "application/json", authorization: `Bearer ${SECRET}` };
  const send = async (method: string, path: string, headers: object, body = ""): Promise<IncomingMessage> => {
    const sent = request({ host: "127.0.0.1", port: server.port, method, path, headers: { ...headers }, agent: false });
    sent.on("error", () => {}).end(body);
    const [reply] = (await once(sent, "response")) as [IncomingMessage];
    return reply;
  };
  return { asked, host, own, send, port: server.port };
}

const yes = async (): Promise<RelayedReply> => ({
  status: 200,
  contentType: "application/json",
  retryAfterSeconds: undefined,
  body: (async function* () {
    yield Buffer.from('{"data":{}}');
  })(),
});

test("a page of the dashboard comes with its policy, and is nobody else's to read", async () => {
  const { send, host } = await serve(yes);
  const reply = await send("GET", "/runs?state=Failed", { host });
  expect([reply.statusCode, await text(reply)]).toEqual([200, "<p>"]);
  expect(reply.headers).toMatchObject({
    "content-security-policy": POLICY,
    "content-type": "text/html",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  expect(reply.headers).not.toHaveProperty("access-control-allow-origin");
});

test("a question of the page is passed on as it came, without the page's secret", async () => {
  const { send, own, asked } = await serve(yes);
  const reply = await send("POST", "/graphql", { ...own, "idempotency-key": "once" }, '{"query":"{ a }"}');
  expect([reply.statusCode, await text(reply)]).toEqual([200, '{"data":{}}']);
  expect(asked).toEqual([
    { body: '{"query":"{ a }"}', accept: "application/json", idempotencyKey: "once", signal: expect.anything() },
  ]);
});

test.each<[string, number, object]>([
  ["GET /runs", 403, { host: "evil.example" }],
  ["POST /graphql", 403, { host: "evil.example", origin: "http://evil.example" }],
  ["POST /graphql", 403, { origin: "https://evil.example" }],
  ["POST /graphql", 401, { authorization: "Bearer weir_u_key" }],
  ["OPTIONS /graphql", 404, { origin: "https://evil.example", "access-control-request-method": "POST" }],
  ["GET /graphql", 404, {}],
  ["POST /auth/login", 404, {}],
  ["POST /runs", 404, {}],
  ["GET /keys.json", 404, {}],
  ["GET /../../etc/passwd", 404, {}],
  ["POST /v1/claims", 404, {}],
])("%s is answered %i, and the cloud hears nothing", async (what, status, given) => {
  const { send, own, asked } = await serve(yes);
  const [method = "", path = ""] = what.split(" ");
  const reply = await send(method, path, { ...own, ...given }, method === "POST" ? "{}" : "");
  expect(reply.statusCode).toBe(status);
  expect(JSON.parse(await text(reply))).toEqual({ code: expect.any(String), message: expect.any(String) });
  expect(reply.headers).not.toHaveProperty("access-control-allow-origin");
  expect(asked).toEqual([]);
});

test("whoever tries to sign in is told where the key is", async () => {
  const { send, own } = await serve(yes);
  expect(await text(await send("POST", "/auth/login", own, "{}"))).toContain("Open the address that it printed");
});

test("a question that is too large is not read to its end", async () => {
  const { send, own, asked } = await serve(yes);
  const reply = await send("POST", "/graphql", own, "x".repeat(4 * 1024 * 1024));
  expect(reply.statusCode).toBe(413);
  expect(asked).toEqual([]);
});

test("a cloud that is away is told in the form in which the cloud tells its own refusals", async () => {
  const { send, own } = await serve(async () => {
    throw new ConnectionError("UNREACHABLE", "http://cloud.example cannot be reached.");
  });
  const reply = await send("POST", "/graphql", own, "{}");
  expect(reply.statusCode).toBe(502);
  expect(JSON.parse(await text(reply))).toEqual({
    code: "UNREACHABLE",
    message: "http://cloud.example cannot be reached.",
  });
});

test("a stream goes on piece by piece, and ends at the cloud when the page is gone", async () => {
  const ended = Promise.withResolvers<void>();
  const { send, own, asked } = await serve(async () => ({
    ...(await yes()),
    contentType: "text/event-stream",
    body: (async function* () {
      yield Buffer.from("event: next\n\n");
      const [{ signal } = expect.unreachable()] = asked;
      await once(signal, "abort");
      ended.resolve();
    })(),
  }));
  const reply = await send("POST", "/graphql", { ...own, accept: "text/event-stream" }, "{}");
  const [piece] = (await once(reply, "data")) as [Buffer];
  expect(piece.toString()).toBe("event: next\n\n");
  reply.destroy();
  await ended.promise;
});

test("a port that is taken is a sentence, and not another address, where the browser's keys would not be", async () => {
  const { port } = await serve(yes);
  const relay: Relay = { url: "", ask: yes, close: async () => {} };
  await expect(startPageServer(page, relay, { port, secret: SECRET })).rejects.toMatchObject({ code: "NOT_LISTENING" });
});
