import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Project that every measured flow belongs to: the one that an embedded cloud makes by itself. */
export const PROJECT = "default";

const WEIR = fileURLToPath(new URL("../../../apps/cli/src/main.ts", import.meta.url));
const FLOWS = ["many-tasks.ts", "restarted.ts", "stamp.ts", "talkative.ts"].map((name) =>
  fileURLToPath(new URL(`../flows/${name}`, import.meta.url)),
);

/** Registers the measured flows as a user does: `weir register FILE`. */
export async function registerFlows(cloudUrl: string, directory: string): Promise<void> {
  const env = { ...process.env, WEIR_API_URL: cloudUrl, WEIR_API_KEY_FILE: join(directory, "keys.json") };
  for (const file of FLOWS)
    await promisify(execFile)(process.execPath, [WEIR, "register", file], { env, cwd: directory });
}
