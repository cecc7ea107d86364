import type { Keyring } from "@weir/protocol/seal";
import { useSyncExternalStore } from "react";
import { Openings } from "./openings.ts";

const CHANNEL = "weir-seal-keys";
const changed = new EventTarget();
/** Other tabs of the same page: they share the keys. */
const others = new BroadcastChannel(CHANNEL);
let loading: Promise<Keyring> | null = null;
let openings = new Openings(heldKeyring);

others.addEventListener("message", forget);

function forget(): void {
  loading = null;
  openings = new Openings(heldKeyring);
  changed.dispatchEvent(new Event("change"));
}

/** A key was kept or removed: what was opened with the keys before is opened again, here and in other tabs. */
export function noteKeysChanged(): void {
  forget();
  others.postMessage("changed");
}

const UNABLE =
  "This browser opens nothing that is sealed on a page that came by plain http from another machine. Serve it by https, or run `weir dashboard` on your own machine.";

/**
 * One keyring over the keys of this browser. What opens (JOSE) is loaded when the first sealed thing is met.
 * @throws Error the browser keeps no keys here
 */
async function heldKeyring(): Promise<Keyring> {
  loading ??= load();
  const mine = loading;
  return await mine.catch((error: unknown) => {
    if (loading === mine) loading = null;
    throw error;
  });
}

async function load(): Promise<Keyring> {
  if (!isSecureContext) throw new Error(UNABLE);
  const [{ Keyring }, { openBrowserKeys }] = await Promise.all([
    import("@weir/protocol/seal"),
    import("@weir/protocol/seal/browser-keys"),
  ]);
  const keys = await openBrowserKeys();
  try {
    return new Keyring(await keys.list());
  } finally {
    keys.close();
  }
}

/** What was opened with the keys of this browser; another one when they change. */
export function useHeldOpenings(): Openings {
  return useSyncExternalStore(
    (listener) => {
      changed.addEventListener("change", listener);
      return () => changed.removeEventListener("change", listener);
    },
    () => openings,
  );
}
