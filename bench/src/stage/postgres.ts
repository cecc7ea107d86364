import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@weir/cloud-api/database";

/** The Postgres of a whole run: for the cloud, for the peers, and for plain SQL. */
export interface Postgres extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

const silent = { debug: () => undefined, warn: (text: string) => console.error(text) };

/** Starts the embedded Postgres with its own settings, those that `weir dev` gives to everybody. */
export async function openPostgres(directory: string): Promise<Postgres> {
  const embedded = await startEmbeddedPostgres({ directory, log: silent });
  const pid = Number.parseInt(readFileSync(join(embedded.dataDirectory, "postmaster.pid"), "utf8"), 10);
  return { url: embedded.url, pid, [Symbol.asyncDispose]: async () => await embedded.stop() };
}
