import { hash } from "node:crypto";
import type * as aws from "@aws-sdk/client-s3";
import type {
  GetObjectCommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
  S3Client,
} from "@aws-sdk/client-s3";
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

type Sdk = typeof aws;

/** Two conditional writes of one key at the same moment: the service asks the loser to try again. */
const CONFLICT_TRIES = 3;

/**
 * A bucket of S3, or of a service that speaks its language. PutObject is atomic by itself (a reader finds the object of before, the new
 * one, or none), and S3 has no rename: a temporary key would need a copy and a delete, and be less atomic than this.
 */
class S3Objects implements Objects {
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(sdk: Sdk, client: S3Client, bucket: string) {
    this.#sdk = sdk;
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(key: string, { data, label }: NewObject, isNew: boolean): Promise<PutOutcome> {
    const input: PutObjectCommandInput = {
      Bucket: this.#bucket,
      Key: key,
      Body: data,
      ContentLength: data.length,
      Metadata: { [LABEL_KEY]: label },
      // The service refuses what arrives with another digest, and answers with its own.
      ChecksumSHA256: hash("sha256", data, "base64"),
      ...(isNew ? { IfNoneMatch: "*" } : {}),
    };
    try {
      return isConfirmed(await this.#send(input, CONFLICT_TRIES), data) ? "confirmed" : "unconfirmed";
    } catch (error) {
      if (isNew && this.trouble(error).status === 412) return "taken";
      throw error;
    }
  }

  async #send(input: PutObjectCommandInput, tries: number): Promise<PutObjectCommandOutput> {
    try {
      return await this.#client.send(new this.#sdk.PutObjectCommand(input));
    } catch (error) {
      const { status, code } = this.trouble(error);
      if (input.IfNoneMatch === undefined) throw error;
      if (code === "ConditionalRequestConflict" && tries > 1) return await this.#send(input, tries - 1);
      if (status !== 501) throw error;
      // A service that knows no conditions: the look before the write is all there is.
      const { IfNoneMatch: _, ...plain } = input;
      return await this.#send(plain, tries);
    }
  }

  async get(key: string): Promise<FoundObject | null> {
    try {
      const found = await this.#client.send(new this.#sdk.GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return { data: await bodyOf(found), label: found.Metadata?.[LABEL_KEY], writtenAt: found.LastModified };
    } catch (error) {
      if (this.trouble(error).code === "NoSuchKey") return null;
      throw error;
    }
  }

  async has(key: string): Promise<boolean> {
    try {
      await this.#client.send(new this.#sdk.HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return true;
    } catch (error) {
      if (this.trouble(error).status === 404) return false;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await this.#client.send(new this.#sdk.DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  trouble(error: unknown): Trouble {
    const answer: unknown =
      typeof error === "object" && error !== null && "$metadata" in error ? error.$metadata : null;
    const system = fieldOf(error, "code");
    const code = typeof system === "string" && system.startsWith("E") ? system : fieldOf(error, "name");
    return troubleOf(error, fieldOf(answer, "httpStatusCode"), code);
  }
}

// The ETag is the MD5 where nothing but S3's own encryption is in play; services of other makers give no SHA-256, but nearly all of them this.
function isConfirmed(answer: PutObjectCommandOutput, data: Uint8Array): boolean {
  if (answer.ChecksumSHA256 !== undefined) return answer.ChecksumSHA256 === hash("sha256", data, "base64");
  return answer.ETag === `"${hash("md5", data)}"`;
}

async function bodyOf(found: GetObjectCommandOutput): Promise<Buffer> {
  const bytes = await found.Body?.transformToByteArray();
  return bytes === undefined ? Buffer.alloc(0) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @param client an `S3Client`, or its configuration. */
export async function openS3(bucket: string, client: object): Promise<Objects> {
  const sdk = await loadSdk("@aws-sdk/client-s3", async () => await import("@aws-sdk/client-s3"));
  const own = "send" in client ? (client as S3Client) : new sdk.S3Client(client);
  return new S3Objects(sdk, own, bucket);
}
