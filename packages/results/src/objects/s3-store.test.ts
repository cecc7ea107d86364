import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeStore } from "../testing/describe-store.ts";
import { refusing } from "../testing/http-front.ts";
import { type S3Server, startS3 } from "../testing/s3-server.ts";
import { WHERE } from "../testing/stage.ts";
import { s3Store } from "./object-stores.ts";

let server: S3Server;
beforeAll(async () => void (server = await startS3()));
beforeEach(() => server.fail(null));
afterAll(async () => await server.close());

const xml = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Said the server.</Message></Error>`;
const TARGET = { ...WHERE, template: "target.json" };

describeStore("s3", async () => server.place());

test("the location names bucket, prefix and key, and the object says what it is", async () => {
  const store = s3Store({ bucket: "results", prefix: "a/b/", client: server.client });
  const { location } = await store.write([1], WHERE);
  expect(location).toBe(`s3://results/a/b/nightly/${WHERE.runId}/load-1-a1-t1.json`);
});

test("a location outside of the prefix is not read, though it is in the bucket", async () => {
  const { location } = await s3Store({ bucket: "results", prefix: "theirs", client: server.client }).write(1, WHERE);
  const store = s3Store({ bucket: "results", prefix: "ours", client: server.client });
  await expect(store.read(location)).rejects.toThrow("is not below s3://results/ours/");
  await expect(store.exists("s3://results/ours/../theirs/x")).rejects.toThrow("is not below s3://results/ours/");
});

test("a location longer than the line can carry is refused before anything is written", async () => {
  const prefix = Array.from({ length: 30 }, () => "d".repeat(80)).join("/");
  const writing = s3Store({ bucket: "results", prefix, client: server.client }).write(1, WHERE);
  await expect(writing).rejects.toMatchObject({ code: "LOCATION_INVALID" });
  await expect(writing).rejects.toThrow("more than 2048 characters. Choose a shorter prefix or template");
});

test.each(["/a", "a//b", "a/../b", "."])("the prefix %j is refused", (prefix) => {
  expect(() => s3Store({ bucket: "results", prefix })).toThrow("cannot be used: it begins with a slash");
});

test.each([
  ["AccessDenied", 403, "RESULT_WRITE_FAILED", "these credentials may not write there. Grant them the right"],
  ["InvalidAccessKeyId", 403, "RESULT_WRITE_FAILED", "credentials are missing, wrong or expired"],
  ["XMinioStorageFull", 507, "STORAGE_FULL", "the storage is full. Free space there"],
  ["SlowDown", 503, "RESULT_WRITE_FAILED", "the service is overloaded"],
  ["Odd", 400, "RESULT_WRITE_FAILED", "the service refused it (HTTP 400, Odd: Said the server)"],
])("a write that is refused with %s names bucket, key, cause and remedy", async (code, status, ours, sentence) => {
  server.fail(refusing(status, xml(code), "PUT"));
  const writing = server.place().open().write(1, WHERE);
  await expect(writing).rejects.toMatchObject({ name: "StoreError", code: ours });
  await expect(writing).rejects.toThrow(
    /^Could not write the result s3:\/\/results\/p\d+\/nightly\/.*load-1-a1-t1\.json: /,
  );
  await expect(writing).rejects.toThrow(sentence);
});

test("reading without rights says which are missing", async () => {
  const store = server.place().open();
  const { location } = await store.write(1, WHERE);
  server.fail(refusing(403, xml("AccessDenied")));
  await expect(store.read(location)).rejects.toThrow("Grant them the rights to get objects and to list the bucket");
  await expect(store.exists(location)).rejects.toMatchObject({ code: "RESULT_READ_FAILED" });
});

test("a bucket that is not there is told", async () => {
  const store = s3Store({ bucket: "absent", client: server.client });
  await expect(store.write(1, WHERE)).rejects.toThrow(/s3:\/\/absent\/.*there is no such bucket\. Create it/);
  await expect(store.read(store.locate?.(WHERE) ?? "")).rejects.toThrow("there is no such bucket");
});

test("a service that cannot be reached is told with its endpoint's trouble", async () => {
  const client = { ...server.client, endpoint: "http://127.0.0.1:1" };
  const writing = s3Store({ bucket: "results", client }).write(1, WHERE);
  await expect(writing).rejects.toThrow(/the service cannot be reached.*ECONNREFUSED/);
});

test("what a service keeps differs from what it was sent: it is told, and taken away", async () => {
  const place = server.place();
  server.fail(async (request, answer) => {
    if (request.method === "PUT") {
      // No digest of its own, and another object than the one that was sent.
      const set = answer.setHeader.bind(answer);
      answer.setHeader = (name, value) => (/etag/i.test(name) ? answer : set(name, value));
    }
    if (request.method === "GET") await place.alter?.();
    return false;
  });
  const store = place.open();
  await expect(store.write(1, WHERE)).rejects.toThrow("of 1 bytes written, 1 were read back and they differ");
  server.fail(null);
  expect(await store.exists(store.locate?.(WHERE) ?? "")).toBe(false);
});

test("a service that knows no conditions is written to without", async () => {
  server.fail((request, answer) => {
    if (request.headers["if-none-match"] === undefined) return false;
    request.resume();
    answer.writeHead(501).end(xml("NotImplemented"));
    return true;
  });
  const store = server.place().open();
  const { location } = await store.write(1, TARGET);
  expect(await store.read(location)).toBe(1);
  await expect(store.write(2, TARGET)).rejects.toMatchObject({ code: "LOCATION_INVALID" });
});

test("two conditional writes at one moment: the one that was asked to try again does", async () => {
  let refusals = 0;
  server.fail((request, answer) => {
    if (request.headers["if-none-match"] === undefined || refusals === 2) return false;
    refusals += 1;
    request.resume();
    answer.writeHead(409).end(xml("ConditionalRequestConflict"));
    return true;
  });
  const store = server.place().open();
  expect(await store.read((await store.write(1, TARGET)).location)).toBe(1);
  expect(refusals).toBe(2);
});
