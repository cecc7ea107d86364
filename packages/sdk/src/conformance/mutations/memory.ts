import { hash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mutation } from "./mutation.ts";

/** Verdicts of before, as long as no file of the package has changed since. */
export class Memory {
  readonly #file: string;
  readonly #verdicts: Record<string, string | null>;

  constructor(root: string, fresh: boolean) {
    const sources = globSync("packages/sdk/src/**/*.ts", { cwd: root }).toSorted();
    const texts = sources.map((path) => `${path}\n${readFileSync(join(root, path), "utf8")}`);
    this.#file = join(tmpdir(), `weir-mutations-${hash("sha256", texts.join("\n")).slice(0, 16)}.json`);
    this.#verdicts = fresh ? {} : this.#read();
  }

  #read(): Record<string, string | null> {
    try {
      return JSON.parse(readFileSync(this.#file, "utf8")) as Record<string, string | null>;
    } catch {
      // There is none yet, or it was cut while it was written: then all is found out again.
      return {};
    }
  }

  /** Name of the test that failed, null for a survivor; undefined when it is not known. */
  recall({ name }: Mutation): string | null | undefined {
    return this.#verdicts[name];
  }

  keep({ name }: Mutation, killedBy: string | null): void {
    this.#verdicts[name] = killedBy;
    writeFileSync(this.#file, JSON.stringify(this.#verdicts));
  }
}
