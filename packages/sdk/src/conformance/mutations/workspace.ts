import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mutation } from "./mutation.ts";

/** A mutation may make the engine wait for ever: then it is killed, which is a failure too. */
const LONGEST_RUN_MS = 120_000;

// The quick ones first: most mutations die there, and the random ones need not run.
const ROUNDS = [
  ["packages/sdk/src/conformance/conformance.test.ts"],
  ["packages/sdk/src/engine/", "packages/sdk/src/task/", "packages/sdk/src/flow/"],
  ["packages/sdk/src/conformance/properties/"],
];

// A second chance for each test: one that fails by chance would be taken for a guard.
const CONFIG = `export default { test: { include: ["packages/sdk/src/**/*.test.ts"], testTimeout: 5_000, bail: 1, retry: 1, maxWorkers: 1 } };\n`;

interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** Files that were given up since another one had failed count as failed too: a test that failed goes before them. */
function firstFailed({ testResults }: TestReport): string | null {
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find((one) => one.status === "failed");
  const unloaded = testResults.find(({ status }) => status === "failed")?.name;
  if (failed !== undefined) return failed.title;
  return unloaded === undefined ? null : `${unloaded.slice(unloaded.lastIndexOf("/") + 1)} could not be loaded`;
}

/** A copy of the repository in which only this package's sources are copied; all else is linked. */
export class Workspace {
  readonly #directory: string;

  constructor(root: string) {
    this.#directory = realpathSync(mkdtempSync(join(tmpdir(), "weir-mutate-")));
    this.#link(root, this.#directory, ["packages", ".git"]);
    this.#link(join(root, "packages"), join(this.#directory, "packages"), ["sdk"]);
    this.#link(join(root, "packages", "sdk"), join(this.#directory, "packages", "sdk"), ["src", "dist"]);
    cpSync(join(root, "packages", "sdk", "src"), join(this.#directory, "packages", "sdk", "src"), { recursive: true });
    writeFileSync(join(this.#directory, "mutation.config.mjs"), CONFIG);
  }

  #link(from: string, to: string, except: readonly string[]): void {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) if (!except.includes(name)) symlinkSync(join(from, name), join(to, name));
  }

  /** Runs the tests with a guard taken out, and puts it back. Gives the test that failed, null when none did. */
  async mutated({ file, find, replace }: Mutation): Promise<string | null> {
    const path = join(this.#directory, "packages", "sdk", "src", file);
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
    try {
      return await this.firstFailure();
    } finally {
      writeFileSync(path, text);
    }
  }

  async firstFailure(): Promise<string | null> {
    for (const round of ROUNDS) {
      const failed = await this.#run(round);
      if (failed !== null) return failed;
    }
    return null;
  }

  async #run(files: readonly string[]): Promise<string | null> {
    const output = join(this.#directory, "result.json");
    rmSync(output, { force: true });
    const vitest = join(this.#directory, "node_modules", "vitest", "vitest.mjs");
    const options = [
      "run",
      "--config",
      "mutation.config.mjs",
      "--reporter",
      "json",
      "--outputFile",
      output,
      "--passWithNoTests",
    ];
    const code = await this.#node([vitest, ...options, ...files]);
    if (code === 0) return null;
    try {
      return firstFailed(JSON.parse(readFileSync(output, "utf8")) as TestReport) ?? "a failure beside the tests";
    } catch {
      return "the tests did not come to their end";
    }
  }

  #node(options: readonly string[]): Promise<number> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        options,
        { cwd: this.#directory, timeout: LONGEST_RUN_MS, maxBuffer: 1 << 28 },
        () => resolve(child.exitCode ?? 1),
      );
    });
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
