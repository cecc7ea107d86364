import { resolve } from "node:path";
import type { Store } from "@weir/sdk/results";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";

/**
 * Reads a result by its location alone, with the credentials of this machine.
 * @param results directory below which files are read: a location comes from the cloud, which must not choose any file
 * @throws CliError with the store's own sentence
 */
export async function readByScheme(io: Io, location: string, results: string | undefined): Promise<unknown> {
  const store = await storeOf(io, location, results);
  const { StoreError } = await import("@weir/sdk/results");
  try {
    return await store.read(location);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const message = `${cleanLine(error.message)} Where the flow's store encrypts, or is another one, name the flow's file (--flow).`;
    throw new CliError(EXIT.failed, error.code, message, error);
  }
}

async function storeOf(io: Io, location: string, results: string | undefined): Promise<Store> {
  const { gcsStore, localStore, s3Store } = await import("@weir/sdk/results");
  const [, scheme = "", bucket = ""] = /^([a-z0-9+.-]+):(?:\/\/([^/]*))?/.exec(location) ?? [];
  switch (scheme) {
    case "file":
      return localStore({
        directory: resolve(io.cwd, results ?? (io.env.WEIR_AGENT_RESULTS_DIRECTORY || ".weir/results")),
      });
    case "s3":
      return s3Store({ bucket });
    case "gs":
      return gcsStore({ bucket });
    default: {
      const message = `A location that begins with ${JSON.stringify(`${cleanLine(scheme)}:`)} is read by the flow's own store: name the flow's file (--flow).`;
      throw new CliError(EXIT.usage, "STORE_UNKNOWN", message);
    }
  }
}
