import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

let seen: string[];
let proxy: FaultProxy;
const server = createServer((request, reply) => {
  seen.push(`${request.method} ${request.url}`);
  reply.setHeader("content-type", "application/json").end(JSON.stringify({ number: seen.length }));
});

beforeEach(async () => {
  seen = [];
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy = await startFaultProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  await proxy.close();
  server.close();
  server.closeAllConnections();
});

const ask = async (path = "/x") => (await fetch(proxy.url + path, { method: "POST", body: "hello" })).json();

test("without a fault it passes on, and remembers what was sent", async () => {
  expect(await ask("/a?b=1")).toEqual({ number: 1 });
  expect(seen).toEqual(["POST /a?b=1"]);
  expect(proxy.requests).toMatchObject([{ method: "POST", path: "/a?b=1", body: "hello" }]);
});

test("a lost reply was done on the other side, a lost request was not", async () => {
  proxy.strikeNext({ kind: "lose-reply" });
  await expect(ask()).rejects.toThrow();
  expect(seen).toHaveLength(1);
  proxy.strikeNext({ kind: "lose-request" });
  await expect(ask()).rejects.toThrow();
  expect(seen).toHaveLength(1);
  expect(await ask()).toEqual({ number: 2 });
});

test("a duplicate reaches the other side twice, and gives back the second reply", async () => {
  proxy.strikeNext({ kind: "duplicate" });
  expect(await ask()).toEqual({ number: 2 });
});

test("a truncated reply breaks off in its body", async () => {
  proxy.strikeNext({ kind: "truncate", bytes: 5 });
  const reply = await fetch(proxy.url);
  expect(reply.status).toBe(200);
  await expect(reply.text()).rejects.toThrow();
});

test("a fault strikes only what it matches, for as often as was said, and heals", async () => {
  proxy.strike({ kind: "html", status: 502 }, (request) => request.path.startsWith("/struck"));
  const page = await fetch(`${proxy.url}/struck/1`);
  expect([page.status, page.headers.get("content-type")]).toEqual([502, "text/html"]);
  expect(await ask("/other")).toEqual({ number: 1 });
  expect((await fetch(`${proxy.url}/struck/2`)).status).toBe(502);
  proxy.heal();
  expect(await ask("/struck/3")).toEqual({ number: 2 });
});

test("down refuses connections, up takes them again at the same address", async () => {
  await proxy.down();
  await expect(ask()).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  await proxy.up();
  expect(await ask()).toEqual({ number: 1 });
});

test("a hanging request gets no answer", async () => {
  proxy.strike({ kind: "hang" });
  await expect(fetch(proxy.url, { signal: AbortSignal.timeout(50) })).rejects.toThrow("timeout");
  expect(seen).toEqual([]);
});
