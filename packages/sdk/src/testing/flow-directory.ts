import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { onTestFinished } from "vitest";

const PACKAGE = resolve(import.meta.dirname, "..", "..");

/** A user's directory with these files, in which `@weir/sdk` and zod are installed; it goes when the test ends. */
export function flowDirectory(files: Readonly<Record<string, string>>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "weir flows ")));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, "node_modules", "@weir"), { recursive: true });
  symlinkSync(PACKAGE, join(directory, "node_modules", "@weir", "sdk"));
  symlinkSync(join(PACKAGE, "node_modules", "zod"), join(directory, "node_modules", "zod"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}
