import type { Store } from "../store.ts";
import type { AzureAccess } from "./azure-objects.ts";
import { objectStore, type ObjectStoreOptions } from "./object-store.ts";

/** Options of `s3Store`. */
export interface S3StoreOptions extends ObjectStoreOptions {
  readonly bucket: string;
  /** An `S3Client` of yours, or the configuration of one: `{ region, endpoint, forcePathStyle, credentials, … }`. By default what the environment says. */
  readonly client?: object;
}

/**
 * Results as objects in S3, or in a service that speaks its language. Needs the package `@aws-sdk/client-s3`.
 * Every object carries its size and SHA-256 as metadata, and is checked against them when it is read.
 * @throws StoreError `LOCATION_INVALID` when prefix or template cannot be used.
 * @example const store = s3Store({ bucket: "results", prefix: "weir", client: { region: "eu-central-1" } });
 */
export function s3Store(options: S3StoreOptions): Store {
  return objectStore("s3", `s3://${options.bucket}/`, options, async () => {
    const { openS3 } = await import("./s3-objects.ts");
    return await openS3(options.bucket, options.client ?? {});
  });
}

/** Options of `gcsStore`. */
export interface GcsStoreOptions extends ObjectStoreOptions {
  readonly bucket: string;
  /** A `Storage` of yours, or the options of one: `{ projectId, keyFilename, … }`. By default what the environment says. */
  readonly client?: object;
}

/**
 * Results as objects in Google Cloud Storage. Needs the package `@google-cloud/storage`. As `s3Store` otherwise.
 * @throws StoreError `LOCATION_INVALID` when prefix or template cannot be used.
 * @example const store = gcsStore({ bucket: "results", location: "{flow}/{date:yyyy-MM-dd}/{runId}/{taskRunNumber}.json" });
 */
export function gcsStore(options: GcsStoreOptions): Store {
  return objectStore("gcs", `gs://${options.bucket}/`, options, async () => {
    const { openGcs } = await import("./gcs-objects.ts");
    return await openGcs(options.bucket, options.client ?? {});
  });
}

/** Options of `azureStore`. Which account: a connection string, a url with a credential, or a client. */
export interface AzureStoreOptions extends ObjectStoreOptions {
  readonly container: string;
  readonly connectionString?: string;
  /** `https://<account>.blob.core.windows.net` */
  readonly url?: string;
  /** With `url`: from `@azure/identity`, or a `StorageSharedKeyCredential`. */
  readonly credential?: object;
  /** A `BlobServiceClient` of yours, or the options of one. */
  readonly client?: object;
}

/**
 * Results as blobs in Azure Blob Storage. Needs the package `@azure/storage-blob`. As `s3Store` otherwise.
 * @throws StoreError `LOCATION_INVALID` when prefix or template cannot be used.
 * @example const store = azureStore({ container: "results", url: "https://me.blob.core.windows.net", credential: new DefaultAzureCredential() });
 */
export function azureStore(options: AzureStoreOptions): Store {
  const access: AzureAccess = options;
  return objectStore("azure", `azure://${options.container}/`, options, async () => {
    const { openAzure } = await import("./azure-objects.ts");
    return await openAzure(options.container, access);
  });
}
