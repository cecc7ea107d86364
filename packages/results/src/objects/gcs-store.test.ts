import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeStore } from "../testing/describe-store.ts";
import { gcsError, type GcsServer, startGcs } from "../testing/gcs-server.ts";
import { refusing } from "../testing/http-front.ts";
import { WHERE } from "../testing/stage.ts";
import { gcsStore } from "./object-stores.ts";

let server: GcsServer;
beforeAll(async () => void (server = await startGcs()));
beforeEach(() => server.fail(null));
afterAll(async () => await server.close());

const json = { "content-type": "application/json" };

describeStore("gcs", async () => server.place());

test("the location names bucket, prefix and key", async () => {
  const store = gcsStore({ bucket: "results", prefix: "a/b", client: server.client });
  const { location } = await store.write([1], WHERE);
  expect(location).toBe(`gs://results/a/b/nightly/${WHERE.runId}/load-1-a1-t1.json`);
});

test.each([
  [401, "Invalid Credentials", "RESULT_WRITE_FAILED", "credentials are missing, wrong or expired"],
  [
    403,
    "me@x does not have storage.objects.create access",
    "RESULT_WRITE_FAILED",
    "these credentials may not write there",
  ],
  [503, "Backend error", "RESULT_WRITE_FAILED", "the service is overloaded"],
  [507, "full", "STORAGE_FULL", "the storage is full"],
])("a write that is refused with %d names bucket, key, cause and remedy", async (status, said, code, sentence) => {
  server.fail(refusing(status, gcsError(status, said), "POST", json));
  const writing = server.place().open().write(1, WHERE);
  await expect(writing).rejects.toMatchObject({ name: "StoreError", code });
  await expect(writing).rejects.toThrow(
    /^Could not write the result gs:\/\/results\/p\d+\/nightly\/.*load-1-a1-t1\.json: /,
  );
  await expect(writing).rejects.toThrow(sentence);
  await expect(writing).rejects.toThrow(said);
});

test("reading without rights says which are missing", async () => {
  const store = server.place().open();
  const { location } = await store.write(1, WHERE);
  server.fail(refusing(403, gcsError(403, "no storage.objects.get access"), "GET", json));
  await expect(store.read(location)).rejects.toThrow("Grant them the rights to get objects and to list the bucket");
});

test("a bucket that is not there is told", async () => {
  const store = gcsStore({ bucket: "absent", client: server.client });
  await expect(store.write(1, WHERE)).rejects.toThrow(/gs:\/\/absent\/.*there is no such bucket\. Create it/);
  await expect(store.read(store.locate?.(WHERE) ?? "")).rejects.toThrow("there is no such bucket");
});

test("a service that cannot be reached is told", async () => {
  const client = { ...server.client, apiEndpoint: "http://127.0.0.1:1" };
  const writing = gcsStore({ bucket: "results", client }).write(1, WHERE);
  await expect(writing).rejects.toThrow(/the service cannot be reached/);
});

test.each([undefined, "target.json"])(
  "a write whose first answer was lost is repeated, and is no conflict with itself: template %s",
  async (template) => {
    let uploads = 0;
    server.fail(async (request, answer) => {
      if (request.method !== "POST" || (uploads += 1) > 1) return false;
      const end = answer.end.bind(answer);
      // It is stored, and the answer never arrives.
      answer.end = () => (answer.destroy(), end());
      return false;
    });
    const client = { ...server.client, retryOptions: { maxRetries: 1, maxRetryDelay: 1 } };
    const store = server.place({ client }).open();
    const { location } = await store.write(1, { ...WHERE, template });
    expect(await store.read(location)).toBe(1);
    expect(uploads).toBe(2);
  },
);

test("a service that names no digest is read back, and what differs is told", async () => {
  const usual = server.digest;
  server.digest = () => null;
  const place = server.place();
  const store = place.open();
  expect(await store.read((await store.write(1, WHERE)).location)).toBe(1);
  server.fail(async (request) => {
    if (request.method === "GET") await place.truncate?.();
    return false;
  });
  await expect(store.write(123_456, WHERE)).rejects.toThrow("of 6 bytes written, 4 were read back and they differ");
  server.digest = usual;
});
