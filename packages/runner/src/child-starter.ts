import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Child, childEnvironment } from "./child.ts";
import { permissionArgs } from "./child-permission.ts";
import { ScratchFolders } from "./child-scratch.ts";
import type { RunnerConfig } from "./config.ts";
import type { Watchdog } from "./watchdog.ts";

/** What of the configuration says how children are started. */
export type ChildStart = Pick<
  RunnerConfig,
  "childExecArgv" | "childUser" | "childPermission" | "closedToChildren" | "resultsDirectory" | "executor"
>;

/** Starts children: with what environment, as which user, and with which permissions. One per agent. */
export class ChildStarter {
  readonly #config: ChildStart;
  readonly #watchdog: Watchdog;
  readonly #environment: Record<string, string>;
  /** Where children are kept apart from the agent, each has a folder of its own. */
  readonly #scratch: ScratchFolders | null;

  constructor(config: ChildStart, o: { readonly dataDirectory: string; readonly watchdog: Watchdog }) {
    this.#config = config;
    this.#watchdog = o.watchdog;
    const { childUser, childPermission, resultsDirectory } = config;
    // What is not there when a child starts is granted to it as a file.
    if (childPermission !== null && resultsDirectory !== null)
      mkdirSync(resultsDirectory, { recursive: true, mode: 0o700 });
    const isApart = childUser !== null || childPermission !== null;
    this.#scratch = isApart ? new ScratchFolders(`${o.dataDirectory}.children`, childUser) : null;
    // By the environment, because a cache that the child turns on by itself comes too late for its first modules: 72 → 40 ms of CPU
    // per start, measured. Below the agent's own directory: whoever can write there could put code of theirs in.
    const cache = childUser === null ? null : (this.#scratch?.compiled() ?? null);
    const compiled = { NODE_COMPILE_CACHE: cache ?? join(o.dataDirectory, "compiled") };
    this.#environment = { ...childEnvironment(process.env), ...compiled };
    // Its name and its home are another's.
    if (childUser !== null) delete this.#environment["USER"];
  }

  /** Children of the same kind may be exchanged: what they may read depends on whose they are. */
  kindOf(entry: string, directory: string): string {
    return this.#config.childPermission === null ? entry : JSON.stringify([entry, directory]);
  }

  /**
   * Starts one.
   * @param entry of the SDK that it runs
   * @param directory of the flow that it is for
   * @throws Error when its folder cannot be made, or the places that it may read cannot be told
   */
  start(entry: string, directory: string): Child {
    const scratch = this.#scratch?.make();
    const child = new Child({
      entry,
      execArgv: [...this.#config.childExecArgv, ...this.#permissions(entry, directory, scratch)],
      environment: { ...this.#environment, ...(scratch === undefined ? {} : { HOME: scratch, TMPDIR: scratch }) },
      watchdog: this.#watchdog,
      user: this.#config.childUser,
      // Under the permission model it could not go there where not all of the directory is granted.
      ...(this.#config.childPermission === null ? {} : { directory }),
    });
    if (scratch !== undefined) void child.exited.then(() => this.#scratch?.remove(scratch));
    return child;
  }

  #permissions(entry: string, directory: string, scratch: string | undefined): readonly string[] {
    const { childPermission, resultsDirectory: results, closedToChildren: closed, executor } = this.#config;
    if (childPermission === null || scratch === undefined) return [];
    const threads = executor === "threads" ? (["worker"] as const) : [];
    const features = [...new Set([...childPermission.features, ...threads])];
    return permissionArgs({ ...childPermission, features }, { directory, entry, results, scratch, closed });
  }

  /** Resolves when the folders of children that have ended are removed. */
  async close(): Promise<void> {
    await this.#scratch?.close();
  }
}
