import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of the flow's code, as it was when it was loaded. */
export interface LoadedFile {
  /** Path below the flow's directory, with `/`. */
  readonly path: string;
  readonly sha256: string;
}

/**
 * Watches what is loaded from now on, by `import` and by `require`, below a directory and outside of node_modules.
 * Files that code only reads (`readFile`) are data, not code.
 */
export function watchLoadedFiles(directory: string): () => LoadedFile[] {
  const sums = new Map<string, string>();
  registerHooks({
    load(url, context, nextLoad) {
      if (url.startsWith("file:")) {
        const file = fileURLToPath(url.split(/[?#]/, 1)[0] ?? url);
        const path = relative(directory, file).replaceAll(sep, "/");
        const isOwn = !path.startsWith("../") && !`/${path}`.includes("/node_modules/");
        if (isOwn) sums.set(path, hash("sha256", readFileSync(file)));
      }
      return nextLoad(url, context);
    },
  });
  return () => [...sums].map(([path, sha256]) => ({ path, sha256 })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** SHA-256 over the sorted lines `<file's SHA-256>  <path>`: changes when any file does. */
export function codeDigest(files: readonly LoadedFile[]): string {
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`);
  return hash("sha256", lines.sort().join(""));
}
