import { hash } from "node:crypto";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { writeError } from "./local-errors.ts";
import { type Encoded, packOf, sizeText, spanText } from "./pack.ts";
import { ResultLog } from "./result-log.ts";
import type { Slots } from "../slots.ts";
import type { Written } from "../store.ts";
import { writeFileWhole } from "./write-file.ts";

/** Larger results always get a file of their own. Characters or bytes. */
const SMALL = 16 * 1024;
/** Files of one run that people will look at one by one; beyond, small results go to a log even when they come alone. */
const OWN_FILES = 64;
/** Results of one append. */
const APPEND_RESULTS = 1_000;

/** A result that waits to be written, and who waits for it. */
export interface Waiting extends Encoded {
  readonly path: string;
  readonly written: (written: Written) => void;
  readonly failed: (error: unknown) => void;
}

/** Writes the results of one run: the first ones, and large ones, to files of their own; many small ones to a log. */
export class RunWriter {
  readonly #slots: Slots;
  #waiting: Waiting[] = [];
  #scheduled = false;
  #underWay = 0;
  #ownFiles = 0;
  #log: ResultLog | null = null;
  #appending = false;
  #queue: Waiting[] = [];

  /** `slots` are shared by all runs of a store: a burst must not use up the process's file descriptors. */
  constructor(slots: Slots) {
    this.#slots = slots;
  }

  // At the end of the event loop's turn: what the same turn has brought goes together.
  add(one: Waiting): void {
    this.#waiting.push(one);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#share(this.#waiting);
      this.#waiting = [];
    });
  }

  #share(all: readonly Waiting[]): void {
    const small = all.filter(({ stored }) => stored.length <= SMALL);
    for (const one of all) if (one.stored.length > SMALL) void this.#writeAlone(one);
    const [only] = small;
    if (only === undefined) return;
    if (small.length === 1 && this.#underWay === 0 && this.#ownFiles < OWN_FILES) {
      this.#ownFiles += 1;
      return void this.#writeAlone(only);
    }
    this.#queue.push(...small);
    if (!this.#appending) void this.#appendAll();
  }

  async #writeAlone(one: Waiting): Promise<void> {
    this.#underWay += 1;
    const content = Buffer.from(one.stored);
    try {
      const sha256 = await this.#slots.use(() => writeFileWhole(one.path, content));
      const location = pathToFileURL(one.path).href + sizeText(content.length);
      one.written({ location, bytes: content.length, sha256 });
    } catch (error) {
      one.failed(writeError(one.path, error));
    }
    this.#underWay -= 1;
  }

  async #appendAll(): Promise<void> {
    this.#appending = true;
    this.#underWay += 1;
    while (this.#queue.length > 0) await this.#append(this.#queue.splice(0, APPEND_RESULTS));
    this.#underWay -= 1;
    this.#appending = false;
  }

  async #append(group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    const { content, spans } = packOf(group);
    this.#log ??= new ResultLog(dirname(first.path), first.where.attempt, () => (this.#log = null));
    const { path } = this.#log;
    try {
      const began = await this.#log.append(content);
      const url = pathToFileURL(path).href;
      group.forEach(({ stored, written }, index) => {
        const { offset, bytes } = spans[index] ?? { offset: 0, bytes: 0 };
        written({ location: url + spanText({ offset: began + offset, bytes }), bytes, sha256: hash("sha256", stored) });
      });
    } catch (error) {
      for (const one of group) one.failed(writeError(one.path, error));
    }
  }

  /** Nothing waits and nothing is held open: a later result may as well have a new writer. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#underWay === 0 && this.#log === null;
  }
}
