/** Vault's own limit of an entry is 1 MiB; JSON may escape it to more. */
const LONGEST_ANSWER_BYTES = 8 * 1024 * 1024;

export interface VaultReply {
  readonly status: number;
  readonly text: string;
}

/** Why there was no answer: words, and nothing that was sent. */
function reason(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return /^[A-Z][A-Z0-9_]+$/.test(code) ? `not reachable (${code})` : "not reachable";
}

async function textOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > LONGEST_ANSWER_BYTES) return "";
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/**
 * One GET to Vault. Redirects are not followed: they would take the token along.
 * @returns the reply, or words for why there is none. `fetch`'s own errors may quote headers, so they go no further.
 */
export async function askVault(
  url: string,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<VaultReply | { readonly unreachable: string }> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { headers, signal, redirect: "manual", cache: "no-store" });
    return { status: response.status, text: await textOf(response) };
  } catch (error) {
    return { unreachable: reason(error, timeoutMs) };
  }
}
