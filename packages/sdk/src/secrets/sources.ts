import { envSecrets } from "./env-secrets.ts";
import { fileSecrets } from "./file-secrets.ts";
import type { SecretSource } from "./source.ts";
import { vaultSecrets } from "./vault-secrets.ts";

let chosen: readonly SecretSource[] | null = null;
let declared: { readonly key: string; readonly sources: readonly SecretSource[] } | null = null;

/**
 * Says where `secret(name)` looks, in this order, for this whole process. Without it: the environment, then what the environment declares.
 * @example useSecrets([envSecrets(), vaultSecrets({ address: "https://vault.example:8200", path: "team/reports" })]);
 */
export function useSecrets(sources: readonly SecretSource[]): void {
  chosen = [...sources];
}

const DECLARING = [
  "SECRETS_DIRECTORY",
  "VAULT_ADDR",
  "VAULT_KV_MOUNT",
  "VAULT_KV_PATH",
  "VAULT_KV_VERSION",
  "VAULT_NAMESPACE",
  "VAULT_TOKEN_FILE",
] as const;

function vaultOf(environment: NodeJS.ProcessEnv): SecretSource[] {
  const { VAULT_ADDR: address, VAULT_KV_PATH: path, VAULT_KV_MOUNT: mount, VAULT_NAMESPACE: namespace } = environment;
  // VAULT_ADDR alone stands on many machines for the sake of Vault's own tool: that is no word about this program.
  if (!address || !path) return [];
  const file = environment["VAULT_TOKEN_FILE"];
  const version = environment["VAULT_KV_VERSION"] === "1" ? 1 : 2;
  return [
    vaultSecrets({
      address,
      path,
      version,
      token: file ? { file } : { env: "VAULT_TOKEN" },
      ...(mount ? { mount } : {}),
      ...(namespace ? { namespace } : {}),
    }),
  ];
}

/** What the environment declares. Made once: a source keeps what it has read for a while. */
function declaredSources(environment: NodeJS.ProcessEnv): readonly SecretSource[] {
  const key = DECLARING.map((name) => environment[name] ?? "").join("\n");
  if (declared?.key === key) return declared.sources;
  const directory = environment["SECRETS_DIRECTORY"];
  const files = directory ? [fileSecrets({ directory })] : [];
  declared = { key, sources: [envSecrets(environment), ...files, ...vaultOf(environment)] };
  return declared.sources;
}

/** Where `secret` looks. */
export function secretSources(): readonly SecretSource[] {
  return chosen ?? declaredSources(process.env);
}

/** Back to what the environment declares. */
export function forgetSecrets(): void {
  chosen = null;
}
