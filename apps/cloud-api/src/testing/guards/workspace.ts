import { execFile, execFileSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Guard, GuardTests } from "./guard.ts";

/** Without a guard something may wait for ever: then it is ended, which is a failure too. */
const LONGEST_RUN_MS = 600_000;

/** Made by the install; git does not know them. */
const BUILT = ["apps/cloud-api/src/generated", "apps/cloud-dashboard/dist", "apps/cloud-dashboard/src/page/generated"];

interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** A copy of what git knows of the repository, in which guards are taken out and put back. */
export class Workspace {
  readonly #directory = realpathSync(mkdtempSync(join(tmpdir(), "weir-guards-")));

  constructor(root: string) {
    const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
    for (const file of files.split("\0").filter(Boolean)) cpSync(join(root, file), join(this.#directory, file));
    symlinkSync(join(root, "node_modules"), join(this.#directory, "node_modules"));
    // Links to packages of the repository are relative, and lead into the copy.
    for (const modules of globSync("{apps,packages,examples}/*/node_modules", { cwd: root }))
      cpSync(join(root, modules), join(this.#directory, modules), { recursive: true, verbatimSymlinks: true });
    for (const built of BUILT) cpSync(join(root, built), join(this.#directory, built), { recursive: true });
  }

  /** Runs tests without a guard. Gives the test that failed, null when none did. */
  async without({ file, at, length, replace }: Guard, tests: GuardTests): Promise<string | null> {
    const path = join(this.#directory, file);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, `${text.slice(0, at)}${replace}${text.slice(at + length)}`);
    try {
      return await this.firstFailure(tests);
    } finally {
      writeFileSync(path, text);
    }
  }

  /** Runs tests. @returns the title of the first that failed, null when all passed */
  async firstFailure({ files, titles }: GuardTests): Promise<string | null> {
    const output = join(this.#directory, "result.json");
    rmSync(output, { force: true });
    const vitest = join(this.#directory, "node_modules/vitest/vitest.mjs");
    const only = titles === undefined ? [] : ["--testNamePattern", titles];
    const reported = ["--bail", "1", "--reporter", "json", "--outputFile", output];
    const code = await this.#node([vitest, "run", ...reported, ...only, ...files]);
    if (code === 0) return null;
    try {
      return firstFailed(JSON.parse(readFileSync(output, "utf8")) as TestReport);
    } catch {
      return "the tests did not come to their end";
    }
  }

  #node(options: readonly string[]): Promise<number> {
    return new Promise((resolve) => {
      const limits = { cwd: this.#directory, timeout: LONGEST_RUN_MS, maxBuffer: 1 << 28 };
      const child = execFile(process.execPath, options, limits, () => resolve(child.exitCode ?? 1));
    });
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Said of a test that failed since it took too long: on a busy machine that may have another reason than the guard. */
const LATE = "timed out";

const isLate = (messages: readonly string[] = []) => messages.some((message) => /timed out in/.test(message));

/** A test that failed goes before a file that could not be loaded, or was given up since another one had failed. */
function firstFailed({ testResults }: TestReport): string {
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find((one) => one.status === "failed");
  if (failed !== undefined) return `${failed.title}${isLate(failed.failureMessages) ? ` (${LATE})` : ""}`;
  const unloaded = testResults.find(({ status }) => status === "failed");
  return unloaded === undefined
    ? "a failure beside the tests"
    : `${unloaded.name.slice(unloaded.name.lastIndexOf("/") + 1)}: ${String(unloaded.message).split("\n")[0]}`;
}
