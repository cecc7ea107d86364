import { isSealedText, SEALED_TEXT, type SealKey } from "@weir/protocol";
import type { Pool } from "pg";
import { SEAL_KEYS_BY_ID, SEAL_KEYS_OF_RUNS } from "./seal-key.sql.ts";

/** Keys of what is sealed in each of the runs, newest attempt first. Runs without any are not in the map. */
export async function sealKeysOf(
  pool: Pool,
  tenantId: string,
  runIds: readonly string[],
): Promise<Map<string, SealKey[]>> {
  const { rows } = await pool.query<SealKey & { runId: string }>({
    name: "seal-keys-of-runs",
    text: SEAL_KEYS_OF_RUNS,
    values: [tenantId, runIds],
  });
  const keys = new Map<string, SealKey[]>();
  for (const { runId, id, key } of rows) {
    const list = keys.get(runId);
    if (list === undefined) keys.set(runId, [{ id, key }]);
    else list.push({ id, key });
  }
  return keys;
}

/** Keys of certain sealed texts alone: of a hundred cached results, each of another run that had many attempts, the hundred that are needed. */
export async function sealKeysFor(
  pool: Pool,
  tenantId: string,
  sealed: readonly { readonly runId: string; readonly text: string }[],
): Promise<SealKey[]> {
  const named = sealed.filter(({ text }) => isSealedText(text)).map(({ runId, text }) => ({ runId, key: keyOf(text) }));
  if (named.length === 0) return [];
  const { rows } = await pool.query<SealKey>({
    name: "seal-keys-by-id",
    text: SEAL_KEYS_BY_ID,
    values: [tenantId, [...new Set(named.map(({ runId }) => runId))], [...new Set(named.map(({ key }) => key))]],
  });
  return rows;
}

/** The `kid` that stands in a sealed text's header; "" when it is none that could be read. */
function keyOf(text: string): string {
  const header = text.slice(SEALED_TEXT.length, text.indexOf("."));
  try {
    const { kid } = JSON.parse(Buffer.from(header, "base64url").toString("utf8")) as { kid?: unknown };
    return typeof kid === "string" ? kid : "";
  } catch {
    return "";
  }
}
