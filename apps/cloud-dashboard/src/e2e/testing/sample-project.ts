import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../../../..");

/** A user's project in a folder of its own, with @weir/sdk and zod as they are installed there. */
export interface SampleProject {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Writes one. @param files texts by their names */
export async function makeSampleProject(files: Readonly<Record<string, string>>): Promise<SampleProject> {
  const folder = await mkdtemp(join(tmpdir(), "weir-page-"));
  await mkdir(join(folder, "node_modules", "@weir"), { recursive: true });
  const sdk = join(ROOT, "packages", "sdk");
  await symlink(sdk, join(folder, "node_modules", "@weir", "sdk"));
  const zod = dirname(createRequire(join(sdk, "package.json")).resolve("zod/package.json"));
  await symlink(zod, join(folder, "node_modules", "zod"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "mine", private: true, type: "module" }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}
