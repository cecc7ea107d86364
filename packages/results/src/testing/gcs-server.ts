import { hash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { type GcsStoreOptions, gcsStore } from "../objects/object-stores.ts";
import { type Front, startFront } from "./http-front.ts";
import { altered, type Place } from "./stage.ts";

/** An object as the fake keeps it. */
interface Kept {
  data: Buffer;
  readonly metadata: unknown;
  readonly generation: string;
  readonly updated: string;
}

export interface GcsServer extends Front {
  readonly client: object;
  /** What is answered as the digest of what is kept; null: nothing. */
  digest: (data: Buffer) => string | null;
  place(options?: Partial<GcsStoreOptions>): Place;
}

const BUCKET = "results";

/** The two parts of a `multipart/related` upload: metadata and bytes. */
function partsOf(body: Buffer, contentType: string): { facts: { metadata?: unknown }; data: Buffer } {
  const boundary = `--${/boundary="?([^";]+)/.exec(contentType)?.[1] ?? ""}`;
  const second = body.indexOf(boundary, boundary.length);
  const head = body.subarray(body.indexOf("\r\n\r\n") + 4, second);
  const from = body.indexOf("\r\n\r\n", second) + 4;
  const data = body.subarray(from, body.lastIndexOf(`\r\n${boundary}`));
  return { facts: JSON.parse(head.toString()) as { metadata?: unknown }, data: Buffer.from(data) };
}

/** The JSON API's upload, read, stat and delete. */
class FakeGcs {
  readonly objects = new Map<string, Kept>();
  digest = (data: Buffer): string | null => hash("md5", data, "base64");
  #generation = 1;

  async answer(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", "http://x");
    const [, bucket, name] = /\/storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(url.pathname) ?? [];
    const body = await buffer(request);
    if (bucket !== BUCKET) return this.#refuse(answer, 404, "The specified bucket does not exist.");
    if (url.pathname.startsWith("/upload/")) return this.#upload(url, body, request, answer);
    const key = decodeURIComponent(name ?? "");
    const kept = this.objects.get(key);
    if (kept === undefined) return this.#refuse(answer, 404, `No such object: ${bucket}/${key}`);
    if (request.method === "DELETE") {
      this.objects.delete(key);
      return void answer.writeHead(204).end();
    }
    if (url.searchParams.get("alt") === "media") return void answer.writeHead(200).end(kept.data);
    this.#tell(answer, key, kept);
  }

  #upload(url: URL, body: Buffer, request: IncomingMessage, answer: ServerResponse): void {
    const key = url.searchParams.get("name") ?? "";
    if (url.searchParams.get("ifGenerationMatch") === "0" && this.objects.has(key))
      return this.#refuse(answer, 412, "At least one of the pre-conditions you specified did not hold.");
    const { facts, data } = partsOf(body, request.headers["content-type"] ?? "");
    const kept = {
      data,
      metadata: facts.metadata,
      generation: `${(this.#generation += 1)}`,
      updated: new Date().toISOString(),
    };
    this.objects.set(key, kept);
    this.#tell(answer, key, kept);
  }

  #tell(answer: ServerResponse, name: string, { data, ...facts }: Kept): void {
    const md5 = this.digest(data);
    const reply = { kind: "storage#object", bucket: BUCKET, name, ...facts, size: `${data.length}` };
    answer.writeHead(200, { "content-type": "application/json" });
    answer.end(JSON.stringify(md5 === null ? reply : { ...reply, md5Hash: md5 }));
  }

  #refuse(answer: ServerResponse, code: number, message: string): void {
    answer.writeHead(code, { "content-type": "application/json" });
    answer.end(gcsError(code, message));
  }
}

export function gcsError(code: number, message: string): string {
  return JSON.stringify({ error: { code, message, errors: [{ message, domain: "global", reason: "x" }] } });
}

/** A server that speaks as much of Google Cloud Storage as a store needs, with an empty bucket `results`. */
export async function startGcs(): Promise<GcsServer> {
  const fake = new FakeGcs();
  const front = await startFront((request, answer) => fake.answer(request, answer));
  const client = { apiEndpoint: front.url, projectId: "test", retryOptions: { autoRetry: false } };
  let places = 0;
  return {
    ...front,
    client,
    get digest() {
      return fake.digest;
    },
    set digest(digest) {
      fake.digest = digest;
    },
    place(options = {}) {
      const prefix = `p${(places += 1)}`;
      const below = () => [...fake.objects.entries()].filter(([key]) => key.startsWith(`${prefix}/`));
      return {
        open: () => gcsStore({ bucket: BUCKET, prefix, client, ...options }),
        isShared: true,
        vanish: async () => below().forEach(([key]) => fake.objects.delete(key)),
        truncate: async () => below().forEach(([, kept]) => (kept.data = kept.data.subarray(0, -1))),
        alter: async () => below().forEach(([, kept]) => (kept.data = altered(kept.data))),
      };
    },
  };
}
