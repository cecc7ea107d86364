import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Guard, GuardTests } from "./guard.ts";
import type { TestOrder } from "./guard-tests.ts";
import { type SentScopes, trySentScopes } from "./scopes/sent-scopes.ts";

/** Without a guard something may wait for ever: then it is ended, which is a failure too. */
const LONGEST_RUN_MS = 600_000;

/** Made by the install; git does not know them. */
const BUILT = ["apps/cloud-api/src/generated", "apps/cloud-dashboard/dist", "apps/cloud-dashboard/src/page/generated"];

/** A copy of what git knows of the repository, in which guards are taken out and put back. */
export class Workspace {
  readonly #directory = realpathSync(mkdtempSync(join(tmpdir(), "weir-guards-")));
  #tests: ChildProcess | null = null;
  /** Sources that are other than the process knows them. */
  #changed: string[] = [];

  constructor(root: string) {
    const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
    for (const file of files.split("\0").filter(Boolean)) cpSync(join(root, file), join(this.#directory, file));
    symlinkSync(join(root, "node_modules"), join(this.#directory, "node_modules"));
    // Links to packages of the repository are relative, and lead into the copy.
    for (const modules of globSync("{apps,packages,examples}/*/node_modules", { cwd: root }))
      cpSync(join(root, modules), join(this.#directory, modules), { recursive: true, verbatimSymlinks: true });
    for (const built of BUILT) cpSync(join(root, built), join(this.#directory, built), { recursive: true });
  }

  /** Tries all scopes of statements. */
  async sentScopes(): Promise<SentScopes> {
    return await trySentScopes(this.#directory);
  }

  /** Runs tests without a guard, one group after the other. Gives the test that failed, null when none did. */
  async without(
    { file, at, text: guard, replace, kind }: Guard,
    groups: readonly GuardTests[],
  ): Promise<string | null> {
    const path = join(this.#directory, file);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, `${text.slice(0, at)}${replace}${text.slice(at + guard.length)}`);
    this.#changed.push(file);
    try {
      // The database of the tests is made once for each process.
      if (kind === "policy") await this.#end();
      for (const group of groups) {
        const failed = await this.firstFailure(group);
        if (failed !== null) return failed;
      }
      return null;
    } finally {
      writeFileSync(path, text);
      this.#changed.push(file);
      if (kind === "policy") await this.#end();
    }
  }

  /** Runs tests. @returns the title of the first that failed, null when all passed */
  async firstFailure({ files, titles }: GuardTests): Promise<string | null> {
    const order: TestOrder = { changed: this.#changed, files, titles: titles ?? null };
    this.#changed = [];
    const tests = (this.#tests ??= await this.#start());
    tests.send(order);
    const signal = AbortSignal.timeout(LONGEST_RUN_MS);
    try {
      const [{ failed }] = (await once(tests, "message", { signal })) as [{ failed: string | null }];
      return failed;
    } catch {
      tests.kill("SIGKILL");
      this.#tests = null;
      return "the tests did not come to their end";
    }
  }

  async #start(): Promise<ChildProcess> {
    const script = join(this.#directory, "apps/cloud-api/src/testing/guards/guard-tests.ts");
    const child = fork(script, { cwd: this.#directory, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const begun = await Promise.race([once(child, "message"), once(child, "exit").then(() => null)]);
    if (begun === null)
      throw new Error("The process of the tests ended before it had begun; what it said stands above.");
    return child;
  }

  async #end(): Promise<void> {
    const tests = this.#tests;
    this.#tests = null;
    if (tests === null) return;
    tests.disconnect();
    await once(tests, "exit");
  }

  async remove(): Promise<void> {
    await this.#end();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
