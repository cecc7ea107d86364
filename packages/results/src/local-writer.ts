import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { LIMITS } from "@weir/protocol/limits";
import { writeError } from "./local-errors.ts";
import { resultPath } from "./location.ts";
import { RunWriter } from "./run-writer.ts";
import { Slots } from "./slots.ts";
import type { Where, Written } from "./store.ts";

/** Files written at a time. Node has four threads for files, which the user's code wants too. */
const AT_A_TIME = 2;
/** Runs that are remembered; a child process has one, a process that runs flows in memory may have many. */
const REMEMBERED_RUNS = 16;

/** Writes results below a directory, each run's by itself. */
export class LocalWriter {
  readonly #directory: string;
  readonly #slots = new Slots(AT_A_TIME);
  readonly #runs = new Map<string, RunWriter>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async write(text: string, where: Where): Promise<Written> {
    const path = join(this.#directory, resultPath(where));
    // The place within a log adds up to 32 characters.
    if (pathToFileURL(path).href.length + 32 > LIMITS.locationLength) {
      const reason = `its location has more than ${LIMITS.locationLength} characters. Choose a shorter directory`;
      throw writeError(path, new Error(reason));
    }
    return await new Promise((written, failed) => {
      this.#run(dirname(path)).add({ text, where, path, written, failed });
    });
  }

  #run(directory: string): RunWriter {
    const known = this.#runs.get(directory);
    if (known !== undefined) return known;
    if (this.#runs.size >= REMEMBERED_RUNS) this.#forgetIdle();
    const run = new RunWriter(this.#slots);
    this.#runs.set(directory, run);
    return run;
  }

  #forgetIdle(): void {
    for (const [directory, run] of this.#runs) if (run.isIdle) this.#runs.delete(directory);
  }
}
