import { makeId } from "@weir/protocol/ids";
import {
  generateSealKey,
  isProtected,
  Keyring,
  openProtectedKeys,
  type PrivateJwk,
  protectKeys,
  publicHalf,
  type PublicJwk,
  readPrivateKeys,
  sealJson,
} from "@weir/protocol/seal";
import { type BrowserKeys, type KeptKey, openBrowserKeys } from "@weir/protocol/seal/browser-keys";
import { noteKeysChanged } from "./held-keys.ts";

/** A key pair that was made just now. */
export interface NewIdentity {
  readonly half: PublicJwk;
  /** The private half behind its passphrase: the text of the file that `weir seal keygen --passphrase-file` writes. */
  readonly file: string;
}

/**
 * Makes a key pair and keeps it here. Its file is all that there is of it elsewhere.
 * @throws SealError PASSPHRASE_WRONG: it is too short
 */
export async function makeIdentity(passphrase: string): Promise<NewIdentity> {
  const key = await generateSealKey();
  const file = `${JSON.stringify(await protectKeys([key], passphrase), null, 2)}\n`;
  await keep([key]);
  return { half: publicHalf(key), file };
}

/**
 * Keeps the keys of a file of `weir seal keygen` here. Answers their ids, the newest first.
 * @throws SealError KEY_INVALID, PASSPHRASE_WRONG
 */
export async function importIdentity(name: string, text: string, passphrase: string): Promise<readonly string[]> {
  const value = parsed(name, text);
  const keys = isProtected(value)
    ? await openProtectedKeys(value, passphrase, name)
    : await readPrivateKeys(value, name);
  await keep(keys);
  return keys.map(({ kid }) => kid);
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // No cause: it would quote the file.
    throw new Error(`${name} is no JSON. \`weir seal keygen\` makes a file that can be used.`);
  }
}

/** What is sealed for the public half comes out again with the private one. @throws Error it does not */
export async function testIdentity({ kid, key, half }: KeptKey): Promise<void> {
  const word = makeId();
  const opened = await new Keyring([{ kid, key }]).openJson({ ...(await sealJson([half], word)) } as never);
  if (opened !== word) throw new Error("What came out is not what was sealed.");
}

/** All keys of this browser, the newest first. */
export async function listIdentities(): Promise<readonly KeptKey[]> {
  return (await withKeys((keys) => keys.list())).toSorted((a, b) => b.keptAt - a.keptAt);
}

export async function forgetIdentity(kid: string): Promise<void> {
  await withKeys((keys) => keys.forget(kid));
  noteKeysChanged();
}

async function keep(keys: readonly PrivateJwk[]): Promise<void> {
  await withKeys((kept) => kept.keep(keys, Date.now()));
  noteKeysChanged();
}

async function withKeys<T>(use: (keys: BrowserKeys) => Promise<T>): Promise<T> {
  const keys = await openBrowserKeys();
  try {
    return await use(keys);
  } finally {
    keys.close();
  }
}
