import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { type Answer, claims, raw } from "./hostile-cloud.ts";
import { type HostileStage, setHostileStage } from "./stage.ts";
import { unharmed } from "./unharmed.ts";

// A cloud that answers with other things than answers.

const MIB = 1024 * 1024;
const GZIPPED = gzipSync(Buffer.alloc(128 * MIB));
const JSON_TYPE = { "content-type": "application/json" };

let stage: HostileStage;
let elsewhere: Server;
let askedElsewhere = 0;
beforeAll(async () => {
  stage = await setHostileStage();
  elsewhere = createServer((_, response) => {
    askedElsewhere += 1;
    response.end();
  });
  await new Promise<void>((done) => elsewhere.listen(0, "127.0.0.1", done));
  await stage.goodRun();
});
afterAll(async () => {
  await stage.end();
  elsewhere.close();
});

const otherHost = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/v1/claims`;

/** Writes for as long as it is listened to. */
const endless: Answer = (response) => {
  response.writeHead(200, JSON_TYPE).write('{"runs":[');
  const piece = "[".repeat(65_536);
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
};

const rawText =
  (text: string): Answer =>
  (response) =>
    void response.socket?.end(text);

const ANSWERS: readonly (readonly [string, () => Answer])[] = [
  ["a page", () => raw("<!doctype html><h1>Sign in</h1>", { "content-type": "text/html" })],
  ["a page that says that it is JSON", () => raw("<html>", JSON_TYPE)],
  ["JSON that says that it is a picture", () => raw('{"runs":[],"orders":[]}', { "content-type": "image/png" })],
  ["nothing, and no type", () => raw("", {})],
  ["204", () => raw("", {}, 204)],
  ["206", () => raw('{"runs":[', JSON_TYPE, 206)],
  ["a null", () => raw("null", JSON_TYPE)],
  ["a list", () => raw("[]", JSON_TYPE)],
  ["half of an answer", () => raw('{"runs":[],"ord', JSON_TYPE)],
  [
    "an answer with a wrong length",
    () => rawText("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n{}"),
  ],
  ["bytes that are no HTTP", () => rawText("\x16\x03\x01\x00")],
  ["100 and then nothing", () => rawText("HTTP/1.1 100 Continue\r\n\r\n")],
  ["101", () => rawText("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n")],
  ["103 many times", () => rawText("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".repeat(1_000))],
  ["a head without end", () => rawText(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(100_000)}`)],
  ["levels without end", () => raw(`{"runs":${"[".repeat(MIB)}`, JSON_TYPE)],
  ["a gzip bomb", () => raw(GZIPPED, { ...JSON_TYPE, "content-encoding": "gzip" })],
  ["a stacked gzip bomb", () => raw(gzipSync(GZIPPED), { ...JSON_TYPE, "content-encoding": "gzip, gzip" })],
  ["an answer without end", () => endless],
  [
    "a refusal with a message of a megabyte",
    () => raw(JSON.stringify({ code: "OVERLOADED", message: "x".repeat(MIB) }), JSON_TYPE, 503),
  ],
  ["a refusal that nobody knows", () => raw('{"code":"EXEC","message":"touch x"}', JSON_TYPE, 418)],
  [
    "a refusal to be asked again in a thousand years",
    () =>
      raw(
        '{"code":"OVERLOADED","message":"later","retryAfterSeconds":-1e300}',
        { ...JSON_TYPE, "retry-after": "-5" },
        503,
      ),
  ],
  ["a redirect to itself", () => raw("", { location: "/v1/claims" }, 307)],
  ["a redirect to another host", () => raw("", { location: otherHost() }, 308)],
  ["a redirect to a file", () => raw("", { location: "file:///etc/passwd" }, 302)],
];

test.for(ANSWERS)("%s for a claim", async ([, answer]) => {
  stage.cloud.once("claim", answer());
  await eventually(() => !stage.cloud.waitsWith("claim"), { timeoutMs: 30_000 });
  await unharmed(stage);
  expect(askedElsewhere).toBe(0);
});

test.for(ANSWERS.filter(([name]) => !name.startsWith("103")))(
  "%s for a report: the run goes on to its end",
  async ([, answer]) => {
    const run = stage.run();
    stage.cloud.once("report", answer());
    stage.cloud.offer(run);
    await eventually(() => stage.cloud.endOf(run.runId) === "Success", { timeoutMs: 40_000 });
    await unharmed(stage);
    expect(askedElsewhere).toBe(0);
  },
);

test("a byte a second is given up in time; the good answer after it is taken", async () => {
  const run = stage.run({ leaseSeconds: 3, reportSeconds: 1 });
  stage.cloud.once("report", (response) => {
    response.writeHead(200, JSON_TYPE);
    const timer = setInterval(() => response.write(" "), 100);
    response.once("close", () => clearInterval(timer));
  });
  stage.cloud.offer(run);
  await eventually(() => stage.cloud.endOf(run.runId) === "Success", { timeoutMs: 20_000 });
  await unharmed(stage);
});

test("what is accepted beyond what was sent, or not at all, does not stop the run", async () => {
  for (const accepted of [Number.MAX_SAFE_INTEGER, 0]) {
    const run = stage.run();
    stage.cloud.once("report", raw(JSON.stringify({ accepted, leaseSeconds: 45, orders: [], refused: [] }), JSON_TYPE));
    stage.cloud.offer(run);
    await eventually(() => stage.cloud.of("report", run.runId).length > 0);
  }
  await unharmed(stage);
});

test("a log of the agent that a cloud would fill stays small", async () => {
  const before = stage.log().length;
  const refused = Array.from({ length: 20_000 }, (_, at) => ({ number: at + 1, reason: "r".repeat(150) }));
  const run = stage.run();
  stage.cloud.once("report", raw(JSON.stringify({ accepted: 1, leaseSeconds: 45, orders: [], refused }), JSON_TYPE));
  stage.cloud.once("claim", claims(Array.from({ length: 2_000 }, () => stage.run({ project: "x".repeat(200) }))));
  stage.cloud.offer(run);
  await eventually(() => stage.cloud.endOf(run.runId) !== undefined);
  await unharmed(stage);
  expect(stage.log().length - before).toBeLessThan(64 * 1024);
});

test("a session of a megabyte is none", async () => {
  stage.cloud.once("claim", raw('{"code":"SESSION_EXPIRED","message":"over"}', JSON_TYPE, 401));
  const reply = {
    agentId: makeId(),
    sessionToken: "s".repeat(MIB),
    sessionSeconds: 3_600,
    leaseSeconds: 45,
    reportSeconds: 10,
  };
  stage.cloud.once("enrol", raw(JSON.stringify(reply), JSON_TYPE));
  await eventually(() => stage.cloud.of("enrol").length >= 3, { timeoutMs: 30_000 });
  await unharmed(stage);
  expect(stage.cloud.everything()).not.toContain("sssssssssssssssss");
});
