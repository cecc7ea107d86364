import { openCloud } from "../connection/cloud.ts";
import type { Io } from "../io.ts";
import type { Stack } from "./stack.ts";

/** What the dashboard can do with it: read all of a run, start and stop runs. Not keys, members or the audit log. */
const ROLE = "developer";
/** Longer than anybody looks at one terminal. */
const DAYS = 1;

/**
 * Where the dashboard of a cloud on this machine shows `path`. On a terminal it carries a key that was made for it, in the fragment, which a browser
 * sends nowhere and the page takes out of its address: nobody has to paste one. Elsewhere, what is written may be kept, and no key is in it.
 * @example await dashboardAddress(io, stack, "/runs/0198…"); // http://127.0.0.1:4680/runs/0198…#key=weir_u_…
 */
export async function dashboardAddress(io: Io, { url, keys }: Stack, path: string): Promise<string> {
  if (!io.interactive) return url + path;
  const cloud = openCloud(io, { url, key: keys.userKey, source: keys.path });
  try {
    const input = { name: "dashboard on this machine", scope: "user", role: ROLE, expiresInDays: DAYS } as const;
    const { key } = await cloud.change("CreateApiKey", { input });
    return `${url}${path}#key=${key}`;
  } finally {
    await cloud.close();
  }
}
