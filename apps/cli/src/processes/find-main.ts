import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

// The command line never imports the cloud: it may only start it as a process.

/** A program of the cloud: `main` is the cloud itself, `database/cli` migrates and dumps, `tenants/main` makes tenants. */
export function cloudProgram(program: "main" | "database/cli" | "tenants/main", cwd: string): string {
  const extension = extname(import.meta.filename);
  const folder = extension === ".ts" ? "src" : "dist";
  const inCheckout = fileURLToPath(new URL(`../../../cloud-api/${folder}/${program}${extension}`, import.meta.url));
  if (existsSync(inCheckout)) return inCheckout;
  try {
    const index = createRequire(join(cwd, "package.json")).resolve("@weir/cloud-api");
    return join(dirname(index), `${program}${extname(index)}`);
  } catch (error) {
    const message =
      "The cloud is not installed here. Run this in a checkout of Weir, or install it: npm install @weir/cloud-api";
    throw new CliError(EXIT.usage, "CLOUD_MISSING", message, error);
  }
}

/** The agent's main file, beside the index that Node would import. */
export function agentProgram(): string {
  const index = fileURLToPath(import.meta.resolve("@weir/agent"));
  return join(dirname(index), `main${extname(index)}`);
}
