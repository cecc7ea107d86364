import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, lchownSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import type { ChildUser } from "./child-user.ts";

const OF_CHILD = "child-";

/**
 * Folders of children for what they write by the way: each has one, its home and its directory for temporary files, and it is gone with it.
 * They lie below one that is the agent's and that nobody else can write to, so that no link can be put in their place.
 */
export class ScratchFolders {
  readonly #directory: string;
  readonly #user: ChildUser | null;
  readonly #removing = new Set<Promise<void>>();

  /**
   * @param directory made when it is not there; what an earlier agent left in it is removed
   * @param user whose the folders are; null: the agent's own
   */
  constructor(directory: string, user: ChildUser | null) {
    this.#directory = directory;
    this.#user = user;
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, user === null ? 0o700 : 0o711);
    for (const name of readdirSync(directory)) if (name.startsWith(OF_CHILD)) this.remove(join(directory, name));
  }

  /** A folder for one child. Absolute path. */
  make(): string {
    return this.#give(mkdtempSync(join(this.#directory, OF_CHILD)));
  }

  /** The folder for compiled code, which outlives the children. All of them run as one user, and could change each other's memory as well. */
  compiled(): string {
    const path = join(this.#directory, `compiled-${this.#user?.uid ?? "own"}`);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return this.#give(path);
  }

  #give(path: string): string {
    if (this.#user !== null) lchownSync(path, this.#user.uid, this.#user.gid);
    return path;
  }

  /** Removes a child's folder. What cannot be removed stays for the next start. */
  remove(path: string): void {
    const removing = this.#remove(path).catch(() => {});
    this.#removing.add(removing);
    void removing.then(() => this.#removing.delete(removing));
  }

  // As the child's own user: with the agent's rights, a link that is put in at the right moment would have something else removed.
  async #remove(path: string): Promise<void> {
    if (isRemoved(path)) return;
    const identity = this.#user === null ? {} : { uid: this.#user.uid, gid: this.#user.gid };
    const removing = spawn("/bin/rm", ["-rf", "--", path], { ...identity, cwd: "/", env: {}, stdio: "ignore" });
    await once(removing, "exit");
    isRemoved(path);
  }

  /** Resolves when what is to be removed is. */
  async close(): Promise<void> {
    await Promise.all(this.#removing);
  }
}

/** Removes a folder that is empty. Whether it is gone. */
function isRemoved(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}
