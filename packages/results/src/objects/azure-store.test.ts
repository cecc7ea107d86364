import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AzureServer, connectionString, startAzure } from "../testing/azure-server.ts";
import { describeStore } from "../testing/describe-store.ts";
import { refusing, startFront } from "../testing/http-front.ts";
import { altered, WHERE } from "../testing/stage.ts";
import { azureStore } from "./object-stores.ts";

let server: AzureServer;
beforeAll(async () => void (server = await startAzure()));
afterAll(async () => await server.close());

/** One try, and no seconds of waiting between tries. */
const client = { retryOptions: { maxTries: 1 } };

/** A proxy that changes what passes through it. */
function altering(target: string) {
  return async (request: IncomingMessage, answer: ServerResponse) => {
    const { host: _, connection: __, ...headers } = request.headers;
    const body = await buffer(request);
    const method = request.method ?? "GET";
    const sent = method === "PUT" ? { body: new Uint8Array(altered(body)) } : {};
    const reply = await fetch(target + (request.url ?? ""), {
      method,
      headers: headers as Record<string, string>,
      ...sent,
    });
    answer.writeHead(reply.status, Object.fromEntries(reply.headers));
    answer.end(Buffer.from(await reply.arrayBuffer()));
  };
}

describeStore("azure", async () => server.place());

test("the location names container, prefix and key", async () => {
  const store = azureStore({ container: "results", prefix: "a/b", connectionString: server.connectionString });
  const { location } = await store.write([1], WHERE);
  expect(location).toBe(`azure://results/a/b/nightly/${WHERE.runId}/load-1-a1-t1.json`);
});

test("a container that is not there is told", async () => {
  const store = azureStore({ container: "absent", connectionString: server.connectionString });
  await expect(store.write(1, WHERE)).rejects.toThrow(/azure:\/\/absent\/.*there is no such bucket\. Create it/);
  await expect(store.read(store.locate?.(WHERE) ?? "")).rejects.toThrow("there is no such bucket");
});

test("a wrong key is told, and is not part of the sentence", async () => {
  const key = Buffer.alloc(64, 7).toString("base64");
  const store = azureStore({ container: "results", connectionString: connectionString(server.url, key) });
  await expect(store.write(1, WHERE)).rejects.toThrow(/credentials are missing, wrong or expired|may not write there/);
  await expect(store.write(1, WHERE)).rejects.not.toThrow(key);
});

test.each([
  [403, "AuthorizationPermissionMismatch", "RESULT_WRITE_FAILED", "these credentials may not write there"],
  [507, "InsufficientStorage", "STORAGE_FULL", "the storage is full"],
])(
  "a write that is refused with %d %s names container, key, cause and remedy",
  async (status, said, code, sentence) => {
    const front = await startFront(refusing(status, "", undefined, { "x-ms-error-code": said }));
    const store = azureStore({ container: "results", connectionString: connectionString(front.url), client });
    const writing = store.write(1, WHERE);
    await expect(writing).rejects.toMatchObject({ name: "StoreError", code });
    await expect(writing).rejects.toThrow(
      /^Could not write the result azure:\/\/results\/nightly\/.*load-1-a1-t1\.json: /,
    );
    await expect(writing).rejects.toThrow(sentence);
    await front.close();
  },
);

test("what a service keeps differs from what it was sent: it is told, and taken away", async () => {
  const front = await startFront(altering(server.url));
  const store = azureStore({
    container: "results",
    prefix: "altered",
    connectionString: connectionString(front.url),
    client,
  });
  await expect(store.write(123, WHERE)).rejects.toThrow("of 3 bytes written, 3 were read back and they differ");
  await front.close();
  const direct = azureStore({ container: "results", prefix: "altered", connectionString: server.connectionString });
  expect(await direct.exists(direct.locate?.(WHERE) ?? "")).toBe(false);
});

test("a service that cannot be reached is told", async () => {
  const store = azureStore({ container: "results", connectionString: connectionString("http://127.0.0.1:1"), client });
  await expect(store.write(1, WHERE)).rejects.toThrow(/the service cannot be reached/);
});

test("a store that was given no account says so", async () => {
  const store = azureStore({ container: "results" });
  await expect(store.read("azure://results/x.json")).rejects.toThrow(
    "neither a connection string, nor a url, nor a client says which account is meant",
  );
});
