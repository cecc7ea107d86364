import type { RefusalCode } from "@weir/protocol";
import { AWAY } from "../cloud/ask.ts";
import { Refused } from "../cloud/refused.ts";
import { credentialHeaders } from "../session/credential.ts";

/**
 * Everything that the cloud holds of the tenant, as it comes: bytes of lines of JSON.
 * @throws Refused the viewer may not have it, or another export is under way
 */
export async function* fetchExport(signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reply = await fetch("/export/holdings.ndjson", { headers: credentialHeaders(), signal }).catch(
    (error: unknown) => {
      if (signal.aborted) throw error;
      throw new Refused("UNREACHABLE", AWAY);
    },
  );
  if (!reply.ok) throw await refusalOf(reply);
  const reader = (reply.body ?? new ReadableStream<Uint8Array<ArrayBuffer>>()).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

const NOT_HERE =
  "Whoever serves this page here passes on questions alone, and no export. Open the page at the cloud's own address.";

async function refusalOf(reply: Response): Promise<Refused> {
  if (reply.status === 404) return new Refused("NOT_FOUND", NOT_HERE);
  const answer: unknown = await reply.json().catch(() => null);
  const { code, message } = (answer ?? {}) as { readonly code?: RefusalCode; readonly message?: string };
  return new Refused(code ?? "UNREACHABLE", message ?? `${AWAY} (status ${reply.status})`);
}
