import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

/** Where a ledger ends: number and hash of its last line. */
export interface Head {
  readonly number: number;
  readonly hash: string;
}

/** One sector of a disk: it is written whole or not at all. */
const LENGTH = 512;

/** The key that heads are authenticated with. Another than the one of digests: neither can stand for the other. */
export function headKey(hmacKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", hmacKey, "", "weir ledger head", 32));
}

function macOf({ number, hash }: Head, key: Uint8Array): string {
  return createHmac("sha256", key).update(`${number}:${hash}`).digest("base64url");
}

/** What a head's file says: null when there is none, a sentence's end when it cannot be believed. */
export function readHead(path: string, key: Uint8Array): Head | string | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    return `cannot be read: ${(error as Error).message}`;
  }
  const head = parsed(text);
  if (head === null) return "is damaged";
  const wanted = Buffer.from(macOf(head, key));
  const given = Buffer.from(head.mac);
  const genuine = wanted.length === given.length && timingSafeEqual(wanted, given);
  return genuine ? { number: head.number, hash: head.hash } : "was not written with this agent's key";
}

function parsed(text: string): (Head & { mac: string }) | null {
  try {
    const { number, hash, mac } = JSON.parse(text) as Partial<Record<"number" | "hash" | "mac", unknown>>;
    const whole = Number.isSafeInteger(number) && typeof hash === "string" && typeof mac === "string";
    return whole ? { number: number as number, hash, mac } : null;
  } catch {
    return null;
  }
}

/** Writes heads over each other in one file that stays open: one call of 512 bytes each. */
export class HeadFile {
  readonly #file: number;
  readonly #key: Uint8Array;

  constructor(path: string, key: Uint8Array) {
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    this.#key = key;
  }

  write(head: Head): void {
    const text = JSON.stringify({ ...head, mac: macOf(head, this.#key) });
    writeSync(this.#file, `${text.padEnd(LENGTH - 1)}\n`, 0);
    ftruncateSync(this.#file, LENGTH);
  }

  close(): void {
    closeSync(this.#file);
  }
}
