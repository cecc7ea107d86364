import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { Refusal } from "@weir/protocol";

// argon2id, with the least parameters that OWASP's cheat sheet for password storage names: 19 MiB, two passes, one lane. Each hash says its own, so
// that these can be raised later.

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const BYTES = 32;
const SALT_BYTES = 16;
const SHAPE = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;
/** Fewer characters are guessed, more are a burden on the cloud and on nobody else. */
const SHORTEST = 12;
const LONGEST = 200;

const derive = promisify(argon2) as (algorithm: "argon2id", parameters: Argon2Parameters) => Promise<Buffer>;

/**
 * Takes a password that a person chose.
 * @throws Refusal INVALID; the sentence never repeats it
 */
export function checkedPassword(password: string): string {
  if (password.length >= SHORTEST && password.length <= LONGEST) return password;
  throw new Refusal(
    "INVALID",
    `The password has ${password.length} characters; take ${SHORTEST} to ${LONGEST}. Several words are easy to remember and hard to guess.`,
  );
}

/**
 * What is stored of a password.
 * @param pepper of the cloud: a stolen table alone cannot be searched
 * @example await hashPassword("correct horse battery", pepper) // "$argon2id$v=19$m=19456,t=2,p=1$…$…"
 */
export async function hashPassword(password: string, pepper: Uint8Array): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const { memory, passes, parallelism } = COST;
  const hash = await digest(password, pepper, salt, COST, BYTES);
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/**
 * Whether a password is the one that was hashed. Without a hash, since nobody has such an account, the same work is done and the answer is no.
 * @throws Error when what is stored is no hash
 */
export async function isPassword(password: string, pepper: Uint8Array, stored: string | null): Promise<boolean> {
  if (stored === null) {
    await digest(password, pepper, randomBytes(SALT_BYTES), COST, BYTES);
    return false;
  }
  const [, memory, passes, parallelism, salt = "", hash = ""] = SHAPE.exec(stored) ?? [];
  if (hash === "") throw new Error("What is stored as the hash of a password is none.");
  const wanted = Buffer.from(hash, "base64");
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return timingSafeEqual(await digest(password, pepper, Buffer.from(salt, "base64"), cost, wanted.length), wanted);
}

function digest(password: string, secret: Uint8Array, nonce: Uint8Array, cost: Cost, tagLength: number) {
  // Composed: the same accents typed on two keyboards are the same password.
  return derive("argon2id", { ...cost, message: password.normalize("NFC"), nonce, secret, tagLength });
}

const base64 = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
