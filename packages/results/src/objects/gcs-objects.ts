import { hash } from "node:crypto";
import type { Bucket, FileMetadata, IdempotencyStrategy, Storage, StorageOptions } from "@google-cloud/storage";
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
 * A bucket of Google Cloud Storage. An upload is published in one step when it is complete, and until then nobody sees it; a temporary
 * key would only add a copy.
 */
class GcsObjects implements Objects {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async put(key: string, { data, label }: NewObject, isNew: boolean): Promise<PutOutcome> {
    const file = this.#bucket.file(key);
    try {
      await file.save(data, {
        // In one request: a resumable upload costs one more and keeps a session.
        resumable: false,
        validation: false,
        metadata: { metadata: { [LABEL_KEY]: label }, contentType: "application/octet-stream" },
        // Generation 0: there is none yet.
        ...(isNew ? { preconditionOpts: { ifGenerationMatch: 0 } } : {}),
      });
    } catch (error) {
      if (isNew && this.trouble(error).status === 412) return "taken";
      throw error;
    }
    return file.metadata.md5Hash === hash("md5", data, "base64") ? "confirmed" : "unconfirmed";
  }

  async get(key: string): Promise<FoundObject | null> {
    const metadata = await this.#metadata(key);
    if (metadata === null) return null;
    const { generation, updated } = metadata;
    // Of that generation: label and bytes must be of one and the same object.
    const file = this.#bucket.file(key, generation === undefined ? {} : { generation });
    const [data] = await file.download({ validation: false });
    const label = metadata.metadata?.[LABEL_KEY];
    return {
      data,
      label: typeof label === "string" ? label : undefined,
      writtenAt: updated === undefined ? undefined : new Date(updated),
    };
  }

  async has(key: string): Promise<boolean> {
    return (await this.#metadata(key)) !== null;
  }

  async remove(key: string): Promise<void> {
    await this.#bucket.file(key).delete();
  }

  async #metadata(key: string): Promise<FileMetadata | null> {
    try {
      const [metadata] = await this.#bucket.file(key).getMetadata();
      return metadata;
    } catch (error) {
      const { status, code } = this.trouble(error);
      if (status === 404 && code !== "NoSuchBucket") return null;
      throw error;
    }
  }

  trouble(error: unknown): Trouble {
    const code = fieldOf(error, "code");
    const status = Number(fieldOf(error, "status") ?? code);
    const message = error instanceof Error ? error.message : String(error);
    const known = nameOf(status, message);
    return troubleOf(
      error,
      Number.isNaN(status) ? undefined : status,
      known ?? (typeof code === "string" ? code : undefined),
    );
  }
}

// The JSON API answers 404 for the bucket and for the object, and only its sentence tells which.
function nameOf(status: number, message: string): string | undefined {
  if (status === 404 && /bucket does not exist/i.test(message)) return "NoSuchBucket";
  if (/default credentials|invalid_grant/i.test(message)) return "NoCredentials";
  return undefined;
}

// By default a write without a condition is tried once, and switches retries off for the whole client. Ours may always be repeated: it
// puts the same object again.
function patient(options: StorageOptions, idempotencyStrategy: IdempotencyStrategy): StorageOptions {
  return { ...options, retryOptions: { idempotencyStrategy, ...options.retryOptions } };
}

/** @param client a `Storage`, or its options. */
export async function openGcs(bucket: string, client: object): Promise<Objects> {
  const sdk = await loadSdk("@google-cloud/storage", async () => await import("@google-cloud/storage"));
  const own =
    "bucket" in client ? (client as Storage) : new sdk.Storage(patient(client, sdk.IdempotencyStrategy.RetryAlways));
  return new GcsObjects(own.bucket(bucket));
}
