import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cloudConfig, type LocalKeys, startCloud } from "@weir/cloud-api";
import { profileArguments } from "./profile.ts";
import { startProgram } from "./program.ts";

const MAIN = fileURLToPath(new URL("../../../apps/cloud-api/src/main.ts", import.meta.url));

/** The cloud in its own process. */
export interface Cloud extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/**
 * Lets an embedded cloud make database, secret, tenant and keys in a directory, and end. Afterwards its parts are started one by one, so
 * that Postgres is no part of the cloud's process and serves the peers as well.
 */
export async function makeKeys(directory: string): Promise<LocalKeys> {
  const config = cloudConfig({ database: { embeddedDirectory: directory }, port: 0, logLevel: "silent" });
  await (await startCloud(config)).stop();
  return JSON.parse(readFileSync(join(directory, "keys.json"), "utf8")) as LocalKeys;
}

/** Starts the cloud on a database that is there, with the secret that `makeKeys` left. */
export async function openCloud(directory: string, databaseUrl: string, profile: boolean): Promise<Cloud> {
  const program = startProgram({
    main: MAIN,
    env: {
      WEIR_DATABASE_URL: databaseUrl,
      WEIR_CLOUD_SECRET_FILE: join(directory, "cloud-secret"),
      WEIR_CLOUD_PORT: "0",
    },
    logFile: join(directory, "cloud.log"),
    nodeArguments: profile ? profileArguments("cloud") : [],
  });
  const { url } = (await program.message()) as { url: string };
  return { url, pid: program.pid, [Symbol.asyncDispose]: async () => await program[Symbol.asyncDispose]() };
}
