/** Where secrets come from, also as `@weir/sdk/secrets`. */
export { secret, type SecretOptions } from "../secret.ts";
export { envSecrets } from "./env-secrets.ts";
export { fileSecrets, type FileSecretsOptions } from "./file-secrets.ts";
export type { SecretSource } from "./source.ts";
export { useSecrets } from "./sources.ts";
export { type VaultOptions, vaultSecrets } from "./vault-secrets.ts";
export type { VaultToken } from "./vault-token.ts";
