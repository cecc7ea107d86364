import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type S3StoreOptions, s3Store } from "../objects/object-stores.ts";
import { type Front, startFront } from "./http-front.ts";
import { altered, type Place } from "./stage.ts";

/** What is used of `s3rver`, which brings no types. */
interface S3rver {
  callback(): RequestListener;
  configureBuckets(): Promise<unknown>;
  readonly store: { existsObject(bucket: string, key: string): Promise<boolean> };
}
type MakeS3rver = new (options: object) => S3rver;

export interface S3Server extends Front {
  readonly client: object;
  /** A store below a prefix of its own. */
  place(options?: Partial<S3StoreOptions>): Place;
}

/** s3rver knows no conditions: the front keeps the promise of `If-None-Match: *`, one request after the other, as S3 does. */
function withConditions(server: S3rver): RequestListener {
  const behind = server.callback();
  let last: Promise<unknown> = Promise.resolve();
  const one = async (request: IncomingMessage, answer: ServerResponse) => {
    const [, bucket = "", ...key] = new URL(request.url ?? "", "http://x").pathname.split("/").map(decodeURIComponent);
    if (!(await server.store.existsObject(bucket, key.join("/")))) return behind(request, answer);
    request.resume();
    answer.writeHead(412).end("<Error><Code>PreconditionFailed</Code><Message>It exists.</Message></Error>");
  };
  return (request, answer) => {
    if (request.headers["if-none-match"] !== "*") return behind(request, answer);
    const ended = new Promise((resolve) => answer.on("close", resolve));
    last = last.then(() => one(request, answer)).then(() => ended);
  };
}

const credentials = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };

/** An S3 server in this process, with an empty bucket `results`. */
export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "weir-s3-"));
  const require = createRequire(import.meta.url);
  const Server = require("s3rver") as MakeS3rver;
  const server = new Server({ silent: true, directory, configureBuckets: [{ name: "results" }] });
  await server.configureBuckets();
  const front = await startFront(withConditions(server));
  const client = { endpoint: front.url, region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1 };
  let places = 0;
  return {
    ...front,
    client,
    place: (options = {}) => placeOf(directory, `p${(places += 1)}`, client, options),
    async close() {
      await front.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function placeOf(directory: string, prefix: string, client: object, options: Partial<S3StoreOptions>): Place {
  const each = async (work: (path: string, data: Buffer) => Promise<void>) => {
    const below = join(directory, "results", prefix);
    const entries = await readdir(below, { recursive: true, withFileTypes: true });
    const objects = entries.filter(({ name }) => name.endsWith("._S3rver_object"));
    for (const { parentPath, name } of objects)
      await work(join(parentPath, name), await readFile(join(parentPath, name)));
  };
  return {
    open: () => s3Store({ bucket: "results", prefix, client, ...options }),
    isShared: true,
    vanish: async () => await each(async (path) => await rm(path)),
    truncate: async () => await each(async (path, data) => await truncate(path, data.length - 1)),
    alter: async () => await each(async (path, data) => await writeFile(path, altered(data))),
  };
}
