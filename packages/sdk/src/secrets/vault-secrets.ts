import { type Duration, durationMs } from "../duration.ts";
import { keepFromLeaving } from "./keep-from-leaving.ts";
import { SharedReads } from "./shared-reads.ts";
import { secretProblem, type SecretSource } from "./source.ts";
import { vaultAnswer } from "./vault-answer.ts";
import { urlPath, type VaultPlace, vaultPlace } from "./vault-place.ts";
import { askVault } from "./vault-request.ts";
import { readToken, type VaultToken } from "./vault-token.ts";

/** Options of `vaultSecrets`. */
export interface VaultOptions {
  /** Base URL of the server: `https://vault.example:8200`. Certificates of your own: `NODE_EXTRA_CA_CERTS`. */
  readonly address: string;
  /** Where the KV engine is mounted. Default: `secret`. */
  readonly mount?: string;
  /** Version of the KV engine. Default: 2. */
  readonly version?: 1 | 2;
  /** Entry whose fields are the secrets. Without it `secret("db")` is the field `value` of the entry `db`. */
  readonly path?: string;
  /** Namespace, where the server has them. */
  readonly namespace?: string;
  /** Where the token is. Default: the environment variable `VAULT_TOKEN`. */
  readonly token?: VaultToken;
  /** How long to wait for an answer. Default: 5 s. */
  readonly timeout?: Duration;
  /** How long an entry is kept once it was read. Default: 10 s. */
  readonly maxAge?: Duration;
}

type Fields = Readonly<Record<string, unknown>> | null;

/** The address without a slash at its end. Never repeated when it is refused: it may hold a password. */
function checkedAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isBase = url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "";
  if (isBase && url.username === "" && url.password === "") return url.href.replace(/\/+$/, "");
  throw new TypeError(
    "The address of Vault must be a URL such as https://vault.example:8200, without user name, password, query or fragment.",
  );
}

function checkedPath(path: string, what: string): string {
  const checked = urlPath(path);
  if (checked !== null) return checked;
  throw new TypeError(
    `The ${what} ${JSON.stringify(path)} is no path in Vault. Write it as secret/team, without dots.`,
  );
}

/** A field as text: what is not text would be rendered in ways that nobody has agreed on. */
function fieldText(fields: Fields, { field }: VaultPlace, where: string): string | undefined {
  const value = fields?.[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw secretProblem(`${where} is not a text but an object or a list. Store it as a text, JSON for example.`);
}

/** What one source of Vault knows; made once, asked for each secret. */
class Vault {
  readonly #options: VaultOptions;
  readonly #address: string;
  readonly #mount: string;
  readonly #timeoutMs: number;
  readonly #entries: SharedReads<Fields>;

  constructor(options: VaultOptions) {
    this.#options = options;
    this.#address = checkedAddress(options.address);
    this.#mount = checkedPath(options.mount ?? "secret", "mount");
    if (options.path !== undefined) checkedPath(options.path, "path");
    this.#timeoutMs = durationMs(options.timeout ?? "5s", "timeout of vaultSecrets");
    const maxAgeMs = durationMs(options.maxAge ?? "10s", "maxAge of vaultSecrets");
    this.#entries = new SharedReads((path) => this.#load(path), maxAgeMs);
  }

  async read(name: string): Promise<string | undefined> {
    const place = vaultPlace(name, this.#options.path);
    if (urlPath(place.path) === null || place.field === "")
      throw secretProblem(
        `The secret ${name} is no place in Vault. Write the entry and its field: orders/db#password.`,
      );
    return fieldText(await this.#entries.read(place.path), place, `The secret ${name}, ${this.placeOf(name)},`);
  }

  placeOf(name: string): string {
    const { path, field } = vaultPlace(name, this.#options.path);
    return `the field ${field} of ${this.#mount}/${path} in the Vault at ${this.#address}`;
  }

  async #load(path: string): Promise<Fields> {
    const { version = 2, token = { env: "VAULT_TOKEN" }, namespace } = this.#options;
    const key = await readToken(token);
    keepFromLeaving([key]);
    const url = `${this.#address}/v1/${this.#mount}/${version === 2 ? "data/" : ""}${urlPath(path)}`;
    // Vault's own agents refuse requests without the second header, so that no page in a browser can make one.
    const headers = { "x-vault-token": key, "x-vault-request": "true", accept: "application/json" };
    const reply = await askVault(
      url,
      namespace === undefined ? headers : { ...headers, "x-vault-namespace": namespace },
      this.#timeoutMs,
    );
    const answer =
      "unreachable" in reply ? { problem: `${reply.unreachable}.` } : vaultAnswer(version, reply.status, reply.text);
    if ("fields" in answer) return answer.fields;
    throw secretProblem(
      `${this.#mount}/${path} could not be read from the Vault at ${this.#address}: ${answer.problem}`,
    );
  }
}

/**
 * Secrets from the KV engine of HashiCorp Vault (and what speaks its API, OpenBao for example), version 1 or 2, over HTTP.
 * `secret("DB_PASSWORD")` is the field `DB_PASSWORD` of the entry `path`; `secret("orders/db#password")` is the field `password` of
 * the entry `orders/db` below it.
 *
 * Reads at the same moment are one request, and what was read is kept for `maxAge`: a map of a thousand children must not be a thousand
 * requests, while a retry after a password was replaced, and a run of hours, must see the new one. Failures are not kept.
 * @throws TypeError when the options make no sense.
 * @example
 * useSecrets([vaultSecrets({ address: "https://vault.example:8200", path: "team/reports", token: { file: "/vault/token" } })]);
 */
export function vaultSecrets(options: VaultOptions): SecretSource {
  const vault = new Vault(options);
  return { kind: "vault", read: (name) => vault.read(name), place: (name) => vault.placeOf(name) };
}
