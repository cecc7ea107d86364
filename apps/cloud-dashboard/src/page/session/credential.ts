import { useSyncExternalStore } from "react";

/**
 * What the page shows the cloud: a key that somebody gave it, kept for this tab's life and no longer; otherwise the browser's own cookie, which no
 * script can read.
 */

const KEY = "weir-key";
const changed = new EventTarget();

/**
 * A fragment `#key=…` reaches no server; it is taken out of the address before anything is shown. `weir_p_…` is what `weir dashboard` knows its own
 * page by.
 */
export function takeKeyOfAddress(): void {
  const match = /^#key=(weir_[up]_[\w-]+)$/.exec(location.hash);
  if (match?.[1] === undefined) return;
  setKey(match[1]);
  history.replaceState(history.state, "", `${location.pathname}${location.search}`);
}

/** Null: the cookie decides. */
export const keyInUse = (): string | null => sessionStorage.getItem(KEY);

export function setKey(key: string | null): void {
  if (key === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, key);
}

let isSignedOut = false;

/** The cloud did not take the credential: the page asks for another. */
export const noteSignedOut = (): void => note(true);

/** The cloud took a credential. */
export const noteSignedIn = (): void => note(false);

function note(now: boolean): void {
  if (isSignedOut === now) return;
  isSignedOut = now;
  changed.dispatchEvent(new Event("change"));
}

/** Whether the cloud refused the last credential. */
export const useSignedOut = (): boolean => useSyncExternalStore(onSignedOut, () => isSignedOut);

/** Tells when the cloud refused the credential, or took one again. */
export function onSignedOut(listener: (isOut: boolean) => void): () => void {
  const tell = () => listener(isSignedOut);
  changed.addEventListener("change", tell);
  return () => changed.removeEventListener("change", tell);
}

/** Headers of every request to the cloud. */
export function credentialHeaders(): Record<string, string> {
  const key = keyInUse();
  return { "content-type": "application/json", ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
}
