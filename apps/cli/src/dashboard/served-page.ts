import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";

// The command line never imports what the cloud serves: it hands out files, as a manifest beside them says.

/** `served.json`, as the build of the dashboard writes it. */
interface Manifest {
  /** Content-Security-Policy of all files. */
  readonly policy: string;
  /** Addresses of the page itself; `/runs/*` is whatever begins with `/runs/`. */
  readonly pages: readonly string[];
  readonly files: readonly { readonly path: string; readonly type: string; readonly isForEver: boolean }[];
}

/** A file of the dashboard. */
export interface ServedFile {
  readonly type: string;
  readonly body: Buffer;
  readonly isForEver: boolean;
}

/** The dashboard of this install. */
export interface ServedPage {
  readonly policy: string;
  /** Null: nothing is served there. */
  at(path: string): ServedFile | null;
}

/** Reads it whole: a few hundred files' worth, of a megabyte or two. @throws CliError it is not installed */
export function readPage(cwd: string): ServedPage {
  const manifestFile = findManifest(cwd);
  const folder = dirname(manifestFile);
  const { policy, pages, files } = JSON.parse(readFileSync(manifestFile, "utf8")) as Manifest;
  const served = new Map(
    files.map(({ path, type, isForEver }) => [path, { type, isForEver, body: readFileSync(join(folder, path)) }]),
  );
  const isPage = (path: string) =>
    pages.some((page) => (page.endsWith("/*") ? path.startsWith(page.slice(0, -1)) : path === page));
  return { policy, at: (path) => served.get(isPage(path) ? "/index.html" : path) ?? null };
}

function findManifest(cwd: string): string {
  const inCheckout = fileURLToPath(new URL("../../../cloud-dashboard/dist/page/served.json", import.meta.url));
  if (existsSync(inCheckout)) return inCheckout;
  try {
    return createRequire(join(cwd, "package.json")).resolve("@weir/cloud-dashboard/served.json");
  } catch (error) {
    const message =
      "The dashboard is not installed here. Run this in a checkout of Weir, or install it: npm install @weir/cloud-dashboard";
    throw new CliError(EXIT.usage, "DASHBOARD_MISSING", message, error);
  }
}
