import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import { createInterface } from "node:readline";
import { BlobServiceClient, type BlockBlobClient } from "@azure/storage-blob";
import { type AzureStoreOptions, azureStore } from "../objects/object-stores.ts";
import { altered, type Place } from "./stage.ts";

/** The emulator's own account, the same everywhere and in its manual. */
const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export interface AzureServer {
  readonly url: string;
  readonly connectionString: string;
  place(options?: Partial<AzureStoreOptions>): Place;
  close(): Promise<void>;
}

async function listening(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("azurite has no stdout");
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /listens on (http:\S+)/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("azurite ended before it listened");
}

export function connectionString(url: string, key = KEY): string {
  return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${key};BlobEndpoint=${url}/${ACCOUNT}`;
}

/** Azurite in a process of its own, with an empty container `results`. */
export async function startAzure(): Promise<AzureServer> {
  const require = createRequire(import.meta.url);
  const main = require.resolve("azurite/dist/src/blob/main.js");
  const where = ["--inMemoryPersistence", "--blobHost", "127.0.0.1", "--blobPort", "0"];
  const flags = [...where, "--skipApiVersionCheck", "--disableTelemetry", "--silent"];
  const child = spawn(process.execPath, [main, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const url = await listening(child);
  const service = BlobServiceClient.fromConnectionString(connectionString(url));
  await service.createContainer("results");
  let places = 0;
  return {
    url,
    connectionString: connectionString(url),
    place: (options = {}) => placeOf(service, connectionString(url), `p${(places += 1)}`, options),
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function placeOf(
  service: BlobServiceClient,
  access: string,
  prefix: string,
  options: Partial<AzureStoreOptions>,
): Place {
  const container = service.getContainerClient("results");
  const each = async (work: (blob: BlockBlobClient) => Promise<unknown>) => {
    for await (const { name } of container.listBlobsFlat({ prefix: `${prefix}/` }))
      await work(container.getBlockBlobClient(name));
  };
  const replaced = async (blob: BlockBlobClient, change: (data: Buffer) => Buffer) => {
    const found = await blob.download();
    const data = found.readableStreamBody === undefined ? Buffer.alloc(0) : await buffer(found.readableStreamBody);
    const changed = change(data);
    await blob.upload(changed, changed.length, { metadata: found.metadata ?? {} });
  };
  return {
    open: () => azureStore({ container: "results", prefix, connectionString: access, ...options }),
    isShared: true,
    vanish: async () => await each((blob) => blob.delete()),
    truncate: async () => await each((blob) => replaced(blob, (data) => data.subarray(0, -1))),
    alter: async () => await each((blob) => replaced(blob, altered)),
  };
}
