import type { Failure, Json, SealKey } from "@weir/protocol";
import {
  Keyring,
  openProtectedKeys,
  type ProtectedKeys,
  readTrust,
  SealError,
  type SealErrorCode,
  sealParameters,
} from "@weir/protocol/seal";
import { openBrowserKeys } from "@weir/protocol/seal/browser-keys";

// The script of a page in a browser: what a dashboard does with sealing, as verbs that a test can call.

/** What came of opening: the value, or why it stays closed. */
export type Answer<T> = { readonly opened: T } | { readonly code: SealErrorCode; readonly kids: readonly string[] };

const answerOf = async <T>(work: Promise<T>): Promise<Answer<T>> =>
  await work.then(
    (opened) => ({ opened }),
    (error: unknown) => {
      if (error instanceof SealError) return { code: error.code, kids: error.kids };
      throw error;
    },
  );

async function withKeys<T>(use: (keys: Awaited<ReturnType<typeof openBrowserKeys>>) => Promise<T>): Promise<T> {
  const keys = await openBrowserKeys();
  try {
    return await use(keys);
  } finally {
    keys.close();
  }
}

const keyringFor = async (sealKeys: readonly SealKey[]): Promise<Keyring> => {
  const keyring = new Keyring(await withKeys((keys) => keys.list()));
  keyring.learn(sealKeys);
  return keyring;
};

/** Asks the runtime for a key in every form there is. Gives the names of what it answered: "exported", or that of the error. */
async function exportsOf(key: CryptoKey): Promise<string[]> {
  const wrapping = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["wrapKey"]);
  const iv = new Uint8Array(12);
  const tries = [
    ...(["jwk", "pkcs8", "raw"] as const).map((format) => crypto.subtle.exportKey(format, key)),
    ...(["jwk", "pkcs8"] as const).map((format) =>
      crypto.subtle.wrapKey(format, key, wrapping, { name: "AES-GCM", iv }),
    ),
  ];
  const ended = await Promise.allSettled(tries);
  return ended.map((end) => (end.status === "fulfilled" ? "exported" : (end.reason as Error).name));
}

const violations: string[] = [];
const page = globalThis as unknown as {
  weir: Verbs;
  addEventListener(type: string, heard: (event: { effectiveDirective: string; blockedURI: string }) => void): void;
};
page.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
  violations.push(`${effectiveDirective} ${blockedURI}`),
);

const verbs = {
  keep: (file: ProtectedKeys, passphrase: string): Promise<Answer<readonly string[]>> =>
    answerOf(
      (async () => {
        const opened = await openProtectedKeys(file, passphrase);
        await withKeys((keys) => keys.keep(opened, Date.now()));
        return opened.map(({ kid }) => kid);
      })(),
    ),
  forget: (kid: string) => withKeys((keys) => keys.forget(kid)),
  kept: async () => (await withKeys((keys) => keys.list())).map(({ kid }) => kid),
  halves: async () => (await withKeys((keys) => keys.list())).map(({ half }) => half),
  exports: async () => await Promise.all((await withKeys((keys) => keys.list())).map(({ key }) => exportsOf(key))),
  openText: async (sealKeys: readonly SealKey[], text: string) =>
    await answerOf((await keyringFor(sealKeys)).openText(text)),
  openJson: async (sealKeys: readonly SealKey[], value: Json) =>
    await answerOf((await keyringFor(sealKeys)).openJson(value)),
  openFailure: async (sealKeys: readonly SealKey[], failure: Failure) =>
    await answerOf((await keyringFor(sealKeys)).openFailure(failure)),
  seal: async (parameters: Readonly<Record<string, Json>>, trust: object) =>
    await sealParameters(parameters, await readTrust(trust)),
  /** What the page tried that its policy forbids. */
  violations: () => violations,
};
/** What the page can do. */
export type Verbs = typeof verbs;

page.weir = verbs;
