import { hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { LIMITS } from "@weir/protocol/limits";
import { checkSame, type Content } from "../content.ts";
import { hasLabel, takeLabel, withLabel } from "../label.ts";
import { Slots } from "../slots.ts";
import { StoreError, type Where, type Written } from "../store.ts";
import { writeError } from "./local-errors.ts";
import { RunWriter } from "./run-writer.ts";
import { isTaken, writeFileWhole } from "./write-file.ts";

/** Files written at a time. Node has four threads for files, which the user's code wants too. */
const AT_A_TIME = 2;
/** Runs that are remembered; a child process has one, a process that runs flows in memory may have many. */
const REMEMBERED_RUNS = 16;

/** JSON is stored as it is, readable and greppable; everything else says in its first line what it is. */
export function storedForm(content: Content): string | Buffer {
  return typeof content.data === "string" && content.serializer === "json" ? content.data : withLabel(content);
}

export function contentOf(stored: Buffer, place: string): Content {
  if (hasLabel(stored)) return takeLabel(stored, place);
  const text = stored.toString("utf8");
  return { data: text.endsWith("\n") ? text.slice(0, -1) : text, serializer: "json" };
}

/** Writes results below a directory, each run's by itself. */
export class LocalWriter {
  readonly #pathFor: (where: Where, serializer: string) => string;
  readonly #isTemplated: boolean;
  readonly #slots = new Slots(AT_A_TIME);
  readonly #runs = new Map<string, RunWriter>();

  /** `isTemplated`: every path comes from a template, not only those of results that bring one. */
  constructor(pathFor: (where: Where, serializer: string) => string, isTemplated: boolean) {
    this.#pathFor = pathFor;
    this.#isTemplated = isTemplated;
  }

  async write(content: Content, where: Where): Promise<Written> {
    const path = this.#pathFor(where, content.serializer);
    // The place within a log adds up to 32 characters.
    if (pathToFileURL(path).href.length + 32 > LIMITS.locationLength) {
      const reason = `its location has more than ${LIMITS.locationLength} characters. Choose a shorter directory`;
      throw writeError(path, new Error(reason));
    }
    if (this.#isTemplated || where.template !== undefined) return await this.#writeNew(path, content, where);
    return await new Promise((written, failed) => {
      this.#run(dirname(path)).add({ stored: storedForm(content), where, path, written, failed });
    });
  }

  /** Where a template chose the place: a file of its own, and none that was there is replaced. */
  async #writeNew(path: string, content: Content, where: Where): Promise<Written> {
    // A line's end, so that a number that was cut off is noticed: the location, which others must be able to make up, has no size.
    const stored = storedForm(content);
    const bytes = Buffer.from(typeof stored === "string" ? `${stored}\n` : stored);
    const location = pathToFileURL(path).href;
    try {
      const sha256 = await this.#slots.use(() => writeFileWhole(path, bytes, { isNew: true }));
      return { location, bytes: bytes.length, sha256 };
    } catch (error) {
      if (!isTaken(error)) throw error instanceof StoreError ? error : writeError(path, error);
    }
    return await this.#joined(path, content, where);
  }

  /** Something is there already: the same result, or the write fails. */
  async #joined(path: string, content: Content, where: Where): Promise<Written> {
    const location = pathToFileURL(path).href;
    try {
      const [found, { mtime: writtenAt }] = await Promise.all([readFile(path), stat(path)]);
      const occupant = { content: contentOf(found, path), bytes: found.length, writtenAt };
      await checkSame(content, occupant, location, where);
      return { location, bytes: found.length, sha256: hash("sha256", found) };
    } catch (error) {
      throw error instanceof StoreError ? error : writeError(path, error);
    }
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
