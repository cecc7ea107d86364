/** The fields of an entry; null: there is no such entry; or a sentence saying why that is not known. */
export type VaultAnswer = { readonly fields: Readonly<Record<string, unknown>> | null } | { readonly problem: string };

interface Body {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly data: Readonly<Record<string, unknown>> | null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}

/** Null when it is no JSON of Vault's shape. */
function bodyOf(text: string): Body | null {
  try {
    const body: unknown = JSON.parse(text);
    if (!isObject(body) || !("data" in body || "errors" in body)) return null;
    const { data, errors, warnings } = body;
    return { errors: texts(errors), warnings: texts(warnings), data: isObject(data) ? data : null };
  } catch {
    // The parser's own message would quote what it read.
    return null;
  }
}

const NOT_VAULT = "the answer is not one of Vault's: another server or a proxy answers there. Check the address.";

/** Sentences for what Vault refuses, after `Vault at …: `. What it writes itself is looked at, never repeated. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: "it did not understand the request (400): check mount, version and namespace.",
  403: "permission denied (403): the token has expired, or its policy does not let it read there.",
  412: "it has not yet caught up with its primary (412). Try again.",
  429: "too many requests (429): its quota is used up. Try again later.",
  472: "it is a standby of a disaster recovery cluster (472): name the active cluster.",
  473: "it is a performance standby that cannot answer (473): name the active node.",
  501: "it is not initialized (501). Initialize and unseal it.",
};

function refusal(status: number, { errors }: Body): string {
  const known = REFUSALS[status];
  if (known !== undefined) return known;
  if (status === 503)
    return errors.some((text) => /sealed/i.test(text))
      ? "it is sealed (503). Unseal it, then try again."
      : "it cannot answer now (503): it starts, or has no active node. Try again.";
  return `it answered with status ${status}. Its own log says why.`;
}

function absent(version: 1 | 2, { errors, warnings, data }: Body): VaultAnswer {
  if (errors.some((text) => text.includes("no handler for route")))
    return { problem: "no secrets engine is mounted there (404). Check the mount." };
  if (version === 1 && warnings.some((text) => text.includes("versioned")))
    return { problem: "that mount is version 2 of the KV engine (404), not version 1. Say version: 2." };
  const metadata = data?.["metadata"];
  if (version === 2 && isObject(metadata))
    return {
      problem: `the newest version of the entry was ${metadata["destroyed"] === true ? "destroyed" : "deleted"} (404). Write it again, or undelete it.`,
    };
  return { fields: null };
}

function present(version: 1 | 2, { data }: Body): VaultAnswer {
  if (version === 1) return data === null ? { problem: NOT_VAULT } : { fields: data };
  if (data !== null && isObject(data["data"]) && isObject(data["metadata"])) return { fields: data["data"] };
  return { problem: "the answer has no versions: that mount is version 1 of the KV engine. Say version: 1." };
}

/** What an answer of Vault's KV engine means. Never repeats text of the answer: whoever answers may quote the token. */
export function vaultAnswer(version: 1 | 2, status: number, text: string): VaultAnswer {
  if (status >= 300 && status < 400)
    return {
      problem: `it sends elsewhere (${status}), and a token is not taken to where it was not meant for. Name the active node, or the load balancer before it.`,
    };
  const body = bodyOf(text);
  if (body === null) return { problem: status >= 500 ? `it answered with status ${status}.` : NOT_VAULT };
  if (status === 200) return present(version, body);
  return status === 404 ? absent(version, body) : { problem: refusal(status, body) };
}
