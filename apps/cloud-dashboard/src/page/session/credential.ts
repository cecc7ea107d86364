import { useSyncExternalStore } from "react";

/**
 * What the page shows the cloud: a key that somebody gave it, kept for this tab's life and no longer; otherwise the browser's own cookie, which no
 * script can read.
 */

const KEY = "weir-key";
const changed = new EventTarget();

/** A fragment `#key=…` reaches no server; it is taken out of the address before anything is shown. */
export function takeKeyOfAddress(): void {
  const match = /^#key=(weir_u_[\w-]+)$/.exec(location.hash);
  if (match?.[1] === undefined) return;
  setKey(match[1]);
  history.replaceState(history.state, "", `${location.pathname}${location.search}`);
}

/** Null: the cookie decides. */
export const keyInUse = (): string | null => sessionStorage.getItem(KEY);

export function setKey(key: string | null): void {
  if (key === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, key);
  isSignedOut = false;
  changed.dispatchEvent(new Event("change"));
}

let isSignedOut = false;

/** The cloud did not take the credential: the page asks for another. */
export function noteSignedOut(): void {
  if (isSignedOut) return;
  isSignedOut = true;
  changed.dispatchEvent(new Event("change"));
}

/** Whether the cloud refused the last credential. */
export function useSignedOut(): boolean {
  return useSyncExternalStore(
    (listener) => {
      changed.addEventListener("change", listener);
      return () => changed.removeEventListener("change", listener);
    },
    () => isSignedOut,
  );
}

/** Headers of every request to the cloud. */
export function credentialHeaders(): Record<string, string> {
  const key = keyInUse();
  return { "content-type": "application/json", ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
}
