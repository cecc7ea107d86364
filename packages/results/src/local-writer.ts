import { hash, randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { LIMITS } from "@weir/protocol/limits";
import { writeError } from "./local-errors.ts";
import { resultPath } from "./location.ts";
import { type Encoded, packOf, spanText } from "./pack.ts";
import type { Where, Written } from "./store.ts";
import { writeFileWhole } from "./write-file.ts";

/** Files written at a time. Node has four threads for files, which the user's code wants too. */
const AT_A_TIME = 2;
/** Larger results get a file of their own even when others wait. Characters. */
const SMALL = 16 * 1024;
/** Results of one pack: it is read whole, and one flush pays for all of them. */
const PACK_RESULTS = 1_000;

interface Waiting extends Encoded {
  readonly path: string;
  readonly written: (written: Written) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes results: one that comes alone into a file of its own, those that come while others are being written together into one.
 * A file costs about 0.7 ms, nearly all of it the flush to the disk; a thousand results in one file cost hardly more.
 */
export class LocalWriter {
  readonly #directory: string;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #scheduled = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async write(text: string, where: Where): Promise<Written> {
    const path = join(this.#directory, resultPath(where));
    if (pathToFileURL(path).href.length + 32 > LIMITS.locationLength) {
      const reason = `its location has more than ${LIMITS.locationLength} characters. Choose a shorter directory`;
      throw writeError(path, new Error(reason));
    }
    return await new Promise((written, failed) => {
      this.#waiting.push({ text, where, path, written, failed });
      this.#schedule();
    });
  }

  // At the end of the event loop's turn: what the same turn has brought goes together.
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#underWay < AT_A_TIME && this.#waiting.length > 0) void this.#writeGroup(this.#takeGroup());
    });
  }

  /** The first that waits, with those that may share its file: small ones of the same run. */
  #takeGroup(): Waiting[] {
    const [first] = this.#waiting;
    if (first === undefined) return [];
    const directory = dirname(first.path);
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const one of this.#waiting) {
      const fits =
        one === first || (first.text.length <= SMALL && one.text.length <= SMALL && dirname(one.path) === directory);
      (fits && group.length < PACK_RESULTS ? group : rest).push(one);
    }
    this.#waiting = rest;
    return group;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    this.#underWay += 1;
    const [first] = group;
    try {
      if (group.length === 1 && first !== undefined) await writeAlone(first);
      else await writePack(group);
    } catch (error) {
      for (const one of group) one.failed(writeError(one.path, error));
    }
    this.#underWay -= 1;
    if (this.#waiting.length > 0) this.#schedule();
  }
}

async function writeAlone({ path, text, written }: Waiting): Promise<void> {
  const content = Buffer.from(text);
  const sha256 = await writeFileWhole(path, content);
  written({ location: pathToFileURL(path).href, bytes: content.length, sha256 });
}

async function writePack(group: readonly Waiting[]): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const { content, spans } = packOf(group);
  const name = `pack-a${first.where.attempt}-${randomBytes(8).toString("hex")}.jsonl`;
  const path = join(dirname(first.path), name);
  await writeFileWhole(path, content);
  const url = pathToFileURL(path).href;
  group.forEach(({ text, written }, index) => {
    const span = spans[index] ?? { offset: 0, bytes: 0 };
    written({ location: url + spanText(span), bytes: span.bytes, sha256: hash("sha256", text) });
  });
}
