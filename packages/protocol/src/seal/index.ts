/** Sealing and opening, in Node and in the browser. Needs JOSE, which the rest of the line does not. */
export * from "./fingerprints.ts";
export * from "./keys.ts";
export * from "./keyring.ts";
export * from "./protected-keys.ts";
export * from "./recipient-text.ts";
export * from "./seal.ts";
export * from "./seal-error.ts";
export * from "./trust.ts";
