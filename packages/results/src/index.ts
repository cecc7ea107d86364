/** Stores for results: the one way to write a value to storage of the user's own. */
export { constantStore, secretStore } from "./fixed-stores.ts";
export { localStore, type LocalStoreOptions } from "./local/local-store.ts";
export { renderLocation } from "./location/render-location.ts";
export { checkTemplate, locationNames } from "./location/template.ts";
export { memoryStore, type MemoryStoreOptions } from "./memory-store.ts";
export {
  type AzureStoreOptions,
  azureStore,
  type GcsStoreOptions,
  gcsStore,
  type S3StoreOptions,
  s3Store,
} from "./objects/object-stores.ts";
export { encodeJson } from "./serializer/json-encode.ts";
export { jsonSerializer, type Serializer, v8Serializer, zstd } from "./serializer/serializer.ts";
export { StoreError, type Store, type StoreFailureCode, type Where, type Written } from "./store.ts";
export { encrypted, type EncryptionKeys } from "./wrappers/encrypted.ts";
export type { EncryptionKey } from "./wrappers/keys.ts";
export { pseudonymous, type PseudonymousOptions } from "./wrappers/pseudonymous.ts";
