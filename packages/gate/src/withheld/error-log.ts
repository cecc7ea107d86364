import { appendFileSync, chmodSync, mkdirSync, renameSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GateError } from "../gate-error.ts";
import type { WithheldError } from "./withheld-error.ts";

/** When a file is full, it is renamed and a new one begun; the oldest is removed. */
export interface ErrorLogSize {
  /** Default 16 MiB. */
  readonly fileBytes?: number;
  /** Default 4: so the errors of an agent take 64 MiB at most. */
  readonly files?: number;
}

const FILE_BYTES = 16 * 1024 * 1024;
const FILES = 4;
/** Ids that are known to be written; an error that ten thousand tasks share is written once. */
const REMEMBERED = 10_000;

const fileOf = (directory: string, index: number): string =>
  join(directory, index === 0 ? "errors.jsonl" : `errors.${index}.jsonl`);

/** The agent's own log of errors of which only an id has left. One process writes it. */
export class ErrorLog {
  readonly #directory: string;
  readonly #fileBytes: number;
  readonly #files: number;
  readonly #written = new Set<string>();
  #isTorn = false;

  constructor(directory: string, { fileBytes = FILE_BYTES, files = FILES }: ErrorLogSize = {}) {
    this.#directory = directory;
    this.#fileBytes = fileBytes;
    this.#files = files;
  }

  /** Writes errors down before their ids leave. @throws GateError LEDGER_FAILED */
  keep(errors: Iterable<WithheldError>): void {
    const fresh = [...errors].filter(({ id }) => !this.#written.has(id));
    if (fresh.length === 0) return;
    const lines = fresh.map((error) => `${JSON.stringify(error)}\n`).join("");
    try {
      this.#append(lines);
    } catch (error) {
      this.#isTorn = true;
      throw this.#failed(error);
    }
    if (this.#written.size > REMEMBERED) this.#written.clear();
    for (const { id } of fresh) this.#written.add(id);
  }

  #append(lines: string): void {
    const file = fileOf(this.#directory, 0);
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    if (sizeOf(file) + lines.length > this.#fileBytes) this.#rotate();
    appendFileSync(file, this.#isTorn ? `\n${lines}` : lines, { mode: 0o600 });
    this.#isTorn = false;
    // A file that an older umask or a copy left open to others.
    chmodSync(file, 0o600);
  }

  #rotate(): void {
    for (let index = this.#files - 1; index > 0; index -= 1) {
      const from = fileOf(this.#directory, index - 1);
      if (sizeOf(from) > 0) renameSync(from, fileOf(this.#directory, index));
    }
    // What was in the removed file would otherwise be taken for written.
    this.#written.clear();
  }

  #failed(error: unknown): GateError {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The log of withheld errors in ${this.#directory} cannot be written: ${reason}. No error id is sent whose text stands nowhere; make room or mend the permissions, and it goes on.`;
    return new GateError("LEDGER_FAILED", message, error);
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** All withheld errors that a directory still has, the newest first. Lines that cannot be read are passed over. */
export async function readErrors(directory: string): Promise<WithheldError[]> {
  const errors: WithheldError[] = [];
  for (let index = 0; ; index += 1) {
    const lines = await linesOf(fileOf(directory, index));
    if (lines === null) return errors;
    errors.push(...lines.reverse().flatMap(errorOf));
  }
}

async function linesOf(file: string): Promise<string[] | null> {
  try {
    return (await readFile(file, "utf8")).split("\n");
  } catch {
    return null;
  }
}

function errorOf(line: string): WithheldError[] {
  try {
    const error = JSON.parse(line) as WithheldError;
    return typeof error.id === "string" ? [error] : [];
  } catch {
    return [];
  }
}
