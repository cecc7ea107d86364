/** Stores for results: the one way to write a value to storage of the user's own. */
export { localStore } from "./local-store.ts";
export { memoryStore } from "./memory-store.ts";
export { StoreError, type Store, type StoreFailureCode, type Where, type Written } from "./store.ts";
