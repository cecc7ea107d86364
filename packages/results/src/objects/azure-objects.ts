import { hash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type {
  BlobServiceClient,
  BlockBlobUploadOptions,
  BlockBlobUploadResponse,
  ContainerClient,
} from "@azure/storage-blob";
import {
  fieldOf,
  type FoundObject,
  LABEL_KEY,
  type NewObject,
  type Objects,
  type PutOutcome,
  troubleOf,
  type Trouble,
} from "./objects.ts";
import { loadSdk } from "./sdk.ts";

/**
 * A container of Azure Blob Storage. Put Blob writes a whole blob in one step, and readers keep seeing what was there until then;
 * Azure has no rename of blobs, so a temporary one would only add a copy.
 */
class AzureObjects implements Objects {
  readonly #container: ContainerClient;

  constructor(container: ContainerClient) {
    this.#container = container;
  }

  async put(key: string, { data, label }: NewObject, isNew: boolean): Promise<PutOutcome> {
    const options: BlockBlobUploadOptions = {
      metadata: { [LABEL_KEY]: label },
      ...(isNew ? { conditions: { ifNoneMatch: "*" } } : {}),
    };
    try {
      const answer = await this.#container.getBlockBlobClient(key).upload(data, data.length, options);
      return isConfirmed(answer, data) ? "confirmed" : "unconfirmed";
    } catch (error) {
      const { status, code } = this.trouble(error);
      if (isNew && (status === 412 || code === "BlobAlreadyExists")) return "taken";
      throw error;
    }
  }

  async get(key: string): Promise<FoundObject | null> {
    try {
      const found = await this.#container.getBlockBlobClient(key).download();
      const stream = found.readableStreamBody;
      const data = stream === undefined ? Buffer.alloc(0) : await buffer(stream);
      return { data, label: found.metadata?.[LABEL_KEY], writtenAt: found.lastModified };
    } catch (error) {
      if (this.trouble(error).code === "BlobNotFound") return null;
      throw error;
    }
  }

  async has(key: string): Promise<boolean> {
    return await this.#container.getBlockBlobClient(key).exists();
  }

  async remove(key: string): Promise<void> {
    await this.#container.getBlockBlobClient(key).delete();
  }

  trouble(error: unknown): Trouble {
    return troubleOf(error, fieldOf(error, "statusCode"), fieldOf(error, "code"));
  }
}

/** The service's MD5 is of what it received and keeps. */
function isConfirmed(answer: BlockBlobUploadResponse, data: Uint8Array): boolean {
  return answer.contentMD5 !== undefined && Buffer.from(answer.contentMD5).toString("hex") === hash("md5", data);
}

/** How an Azure account is reached. */
export interface AzureAccess {
  readonly connectionString?: string;
  readonly url?: string;
  readonly credential?: object;
  readonly client?: object;
}

async function serviceOf({ connectionString, url, credential, client = {} }: AzureAccess): Promise<BlobServiceClient> {
  if ("getContainerClient" in client) return client as BlobServiceClient;
  const sdk = await loadSdk("@azure/storage-blob", async () => await import("@azure/storage-blob"));
  if (connectionString !== undefined) return sdk.BlobServiceClient.fromConnectionString(connectionString, client);
  if (url === undefined)
    throw new Error("neither a connection string, nor a url, nor a client says which account is meant");
  return new sdk.BlobServiceClient(
    url,
    (credential as ConstructorParameters<typeof BlobServiceClient>[1] & object) ?? undefined,
    client,
  );
}

export async function openAzure(container: string, access: AzureAccess): Promise<Objects> {
  return new AzureObjects((await serviceOf(access)).getContainerClient(container));
}
