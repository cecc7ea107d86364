import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { GateError } from "../gate-error.ts";
import type { Keyed } from "../keyed.ts";

/** Pseudonyms that are known to be written down already; beyond, one may be written twice. */
const REMEMBERED = 10_000;
const ENDING = ".jsonl";
/** `{"pseudonym":"` and 53 characters. */
const NAME_AT = 14;
const NAME_LENGTH = 53;

/**
 * Which pseudonym stands for which text: JSON lines, appended before a pseudonym leaves. Each process writes a file of its own, so that
 * several agents can share the directory, on a network disk too; each of them reads all.
 */
export class Dictionary {
  readonly #directory: string;
  readonly #keyed: Keyed;
  readonly #written = new Map<string, string>();
  #file: Promise<FileHandle> | null = null;
  /** A full disk took a part of a line; the next one begins after a line feed of its own. */
  #isTorn = false;

  constructor(directory: string, keyed: Keyed) {
    this.#directory = directory;
    this.#keyed = keyed;
  }

  /**
   * Writes down what pseudonyms stand for. Resolves when the disk has it: the cloud must not hold a pseudonym that nobody can resolve.
   * @throws GateError LEDGER_FAILED
   */
  async keep(texts: ReadonlyMap<string, string>): Promise<void> {
    const fresh = [...texts].filter(([pseudonym]) => !this.#written.has(pseudonym));
    if (fresh.length === 0) return;
    const lines = fresh.map(([pseudonym, text]) => `${JSON.stringify({ pseudonym, text })}\n`).join("");
    try {
      const file = await (this.#file ??= this.#open());
      await file.appendFile(this.#isTorn ? `\n${lines}` : lines);
      this.#isTorn = false;
      await file.datasync();
    } catch (error) {
      this.#isTorn = true;
      throw this.#failed(error);
    }
    for (const [pseudonym, text] of fresh) this.#remember(pseudonym, text);
  }

  async #open(): Promise<FileHandle> {
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      const name = `${Date.now().toString(36)}-${process.pid}-${randomBytes(4).toString("hex")}${ENDING}`;
      return await open(join(this.#directory, name), "ax", 0o600);
    } catch (error) {
      this.#file = null;
      throw error;
    }
  }

  #remember(pseudonym: string, text: string): void {
    const [oldest] = this.#written.keys();
    if (this.#written.size >= REMEMBERED && oldest !== undefined) this.#written.delete(oldest);
    this.#written.set(pseudonym, text);
  }

  /** What these pseudonyms stand for, as far as it is written here. One that was made with another key, or changed, is not taken. */
  async find(pseudonyms: ReadonlySet<string>): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const pseudonym of pseudonyms) {
      const text = this.#written.get(pseudonym);
      if (text !== undefined) found.set(pseudonym, text);
    }
    for (const file of await this.#files()) {
      if (found.size === pseudonyms.size) break;
      await this.#read(file, pseudonyms, found);
    }
    return found;
  }

  /** The newest first: what is looked for is most often of the last runs. */
  async #files(): Promise<string[]> {
    try {
      const names = await readdir(this.#directory);
      return names
        .filter((name) => name.endsWith(ENDING))
        .sort((a, b) => (a < b ? 1 : -1))
        .map((name) => join(this.#directory, name));
    } catch {
      return [];
    }
  }

  async #read(file: string, wanted: ReadonlySet<string>, found: Map<string, string>): Promise<void> {
    const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
    for await (const line of lines) {
      const pseudonym = line.slice(NAME_AT, NAME_AT + NAME_LENGTH);
      if (!wanted.has(pseudonym)) continue;
      const text = textOf(line);
      if (text !== null && this.#keyed.pseudonym(text) === pseudonym) found.set(pseudonym, text);
    }
  }

  async close(): Promise<void> {
    const file = await this.#file?.catch(() => null);
    await file?.close();
  }

  #failed(error: unknown): GateError {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The dictionary of pseudonyms in ${this.#directory} cannot be written: ${reason}. No pseudonym is sent that could not be resolved; make room or mend the permissions, and it goes on.`;
    return new GateError("LEDGER_FAILED", message, error);
  }
}

function textOf(line: string): string | null {
  try {
    const { text } = JSON.parse(line) as { text?: unknown };
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}
